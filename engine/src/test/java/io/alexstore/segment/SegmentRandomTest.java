package io.alexstore.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.io.LocalFileStore;
import io.alexstore.segment.RandomTable.Keyed;
import io.alexstore.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random tables, written and read back, held to a model. */
class SegmentRandomTest {
  private static final UUID TABLE = new UUID(1, 2);

  @TempDir Path directory;

  @Test
  void randomTablesComeBack() {
    Seeds.run(
        150,
        random -> {
          int count = 1 + random.nextInt(random.nextInt(10) == 0 ? 3000 : 300);
          check(RandomTable.of(random, count), random);
        });
  }

  private void check(RandomTable table, Random random) throws IOException {
    SegmentOptions options =
        SegmentOptions.defaults()
            .withRowGroup(1 + random.nextInt(300), 1 + random.nextInt(20_000))
            .withSpillDirectory(directory.toString())
            .withTargetSegmentSize(random.nextBoolean() ? 1 << 20 : 3000);
    Path data = Files.createTempDirectory(directory, "data");
    List<SegmentInfo> segments;
    try (var writer =
        new RollingSegmentWriter(
            LocalFileStore.INSTANCE, data.toString(), TABLE, table.schema, options)) {
      for (Keyed row : table.rows) {
        writer.append(row.row());
      }
      segments = writer.finish();
    }
    int from = 0;
    for (SegmentInfo info : segments) {
      List<Keyed> rows = table.rows.subList(from, from + info.rowCount());
      from += info.rowCount();
      assertThat(info.fileSize()).isEqualTo(Files.size(Path.of(info.path())));
      assertThat(info.minKey()).isEqualTo(rows.get(0).key());
      assertThat(info.maxKey()).isEqualTo(rows.get(rows.size() - 1).key());
      try (Segment segment = Segment.open(LocalFileStore.INSTANCE, info.path())) {
        assertThat(segment.segmentId()).isEqualTo(info.segmentId());
        assertThat(segment.tableId()).isEqualTo(TABLE);
        assertThat(segment.schema()).isEqualTo(table.schema);
        SegmentChecks.check(segment, rows, random);
      }
    }
    assertThat(from).isEqualTo(table.rows.size());
    try (var files = Files.list(data)) {
      assertThat(files.count()).isEqualTo(segments.size());
    }
  }
}
