package io.alexstore.maintain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.commit.OnConflict;
import io.alexstore.io.FileOutput;
import io.alexstore.io.FileStatus;
import io.alexstore.io.LocalFileStore;
import io.alexstore.row.ArrayRow;
import io.alexstore.segment.SegmentInfo;
import io.alexstore.table.AlexTable;
import io.alexstore.table.TableWrite;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrphanFilesTest {

  private static final long NOW = 2_000_000_000_000L;
  private static final long OLD = NOW - Duration.ofDays(4).toMillis();
  private static final long YOUNG = NOW - Duration.ofDays(2).toMillis();

  @TempDir Path directory;
  private String table;

  @BeforeEach
  void create() throws Exception {
    table = directory.resolve("t").toString();
    AlexTable.create(table, Kit.schema(false), Map.of()).close();
    try (AlexTable t = AlexTable.open(table);
        var writer = t.appender(OnConflict.ERROR, Kit.SMALL)) {
      writer.append(ArrayRow.of(t.schema(), 1L, "a"));
      writer.commit();
    }
    try (var files = Files.list(Path.of(table, "data"))) {
      for (Path file : files.toList()) {
        age(file, OLD);
      }
    }
  }

  private static void age(Path file, long millis) throws IOException {
    Files.setLastModifiedTime(file, FileTime.fromMillis(millis));
  }

  private Path file(String name, String content, long millis) throws IOException {
    Path file = Path.of(table, name);
    try (FileOutput out = LocalFileStore.INSTANCE.create(file.toString())) {
      byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
      out.write(bytes, 0, bytes.length);
    }
    age(file, millis);
    return file;
  }

  private OrphanFiles orphans() {
    return OrphanFiles.of(LocalFileStore.INSTANCE, table, () -> NOW);
  }

  @Test
  void oldFilesThatNoVersionNamesGoAndAllOthersStay() throws Exception {
    Path old = file("data/old.alexseg", "12345", OLD);
    Path vector = file("data/old.alexdv", "1", OLD);
    Path temporary = file("data/.tmp-x", "1", OLD);
    Path entry = file("_alexstore/log/.tmp-y-00000000000000000009", "1", OLD);
    Path young = file("data/young.alexseg", "1", YOUNG);
    Path foreign = file("data/README", "1", OLD);
    SortedMap<Long, String> rows = rows();
    OrphanFiles.Result dry = orphans().dryRun().run();
    assertThat(dry.files())
        .containsExactlyInAnyOrder(
            old.toString(), vector.toString(), temporary.toString(), entry.toString());
    assertThat(dry.bytes()).isEqualTo(7);
    assertThat(old).exists();
    assertThat(orphans().run()).isEqualTo(dry);
    assertThat(List.of(old, vector, temporary, entry)).noneMatch(Files::exists);
    assertThat(List.of(young, foreign)).allMatch(Files::exists);
    assertThat(rows()).isEqualTo(rows);
    assertThat(orphans().run().files()).isEmpty();
    assertThat(orphans().grace(Duration.ofDays(1)).run().files()).containsExactly(young.toString());
  }

  private SortedMap<Long, String> rows() throws IOException {
    try (AlexTable t = AlexTable.open(table)) {
      return Kit.rows(t);
    }
  }

  @Test
  void whatAnUnpublishedEntryNamesStays() throws Exception {
    // A write of which everything is done but the last step: its entry has no name yet.
    List<SegmentInfo> segments;
    Path entry;
    try (AlexTable t = AlexTable.open(table)) {
      TableWrite write = t.beginAppend();
      try (var writer = write.target().openWriter(Kit.SMALL)) {
        writer.append(ArrayRow.of(t.schema(), 2L, "b"));
        segments = writer.finish();
      }
      write.commit(segments);
      entry = Path.of(table, "_alexstore/log/00000000000000000002");
    }
    Path unpublished = entry.resolveSibling(".tmp-1-" + entry.getFileName());
    Files.move(entry, unpublished);
    age(unpublished, YOUNG);
    age(Path.of(segments.get(0).path()), OLD);
    assertThat(orphans().run().files()).isEmpty();
    // One that is just being written may name anything.
    Path orphan = file("data/old.alexseg", "1", OLD);
    Path partial = file("_alexstore/log/.tmp-2-00000000000000000002", "alexstore-l", YOUNG);
    assertThat(orphans().run().files()).isEmpty();
    Files.delete(partial);
    assertThat(orphans().run().files()).containsExactly(orphan.toString());
    Files.move(unpublished, entry);
    assertThat(rows()).hasSize(2);
  }

  @Test
  void aShortGraceTimeIsRefused() {
    assertThatThrownBy(() -> orphans().grace(Duration.ofMinutes(59)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("under way");
  }

  @Test
  void filesOfEarlierVersionsStay() throws Exception {
    Compaction.of(table).all().run();
    try (AlexTable t = AlexTable.open(table)) {
      t.beginOverwrite().commit(List.of());
    }
    for (FileStatus file : LocalFileStore.INSTANCE.list(table + "/data")) {
      age(Path.of(table, "data", file.name()), OLD);
    }
    assertThat(orphans().run().files()).isEmpty();
    try (AlexTable t = AlexTable.open(table);
        AlexTable old = t.asOf(1)) {
      assertThat(Kit.rows(old)).hasSize(1);
    }
  }
}
