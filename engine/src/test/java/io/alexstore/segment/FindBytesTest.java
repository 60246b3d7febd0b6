package io.alexstore.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.io.LocalFileStore;
import io.alexstore.row.ArrayRow;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A key and its value in one call say what two calls say. */
class FindBytesTest {
  @TempDir Path directory;

  @Test
  void agreesWithFindingThenReading() throws Exception {
    Seeds.run(12, this::check);
  }

  private void check(Random random) throws IOException {
    Schema schema =
        new SchemaBuilder()
            .column("key", ScalarType.LONG, false)
            .column("value", ScalarType.BINARY)
            .primaryKey("key")
            .build();
    int fixed = random.nextBoolean() ? 20 : -1;
    TreeMap<Long, byte[]> model = new TreeMap<>();
    // The larger half is searched from a prediction, the smaller by halving.
    boolean large = random.nextBoolean();
    int range = large ? 1 << 20 : 1 << (4 + random.nextInt(16));
    for (int i = large ? 40_000 : 1 + random.nextInt(5_000); i > 0; i--) {
      byte[] value = new byte[fixed >= 0 ? fixed : random.nextInt(60)];
      random.nextBytes(value);
      model.put((long) random.nextInt(range), fixed < 0 && random.nextInt(9) == 0 ? null : value);
    }
    model.put(random.nextBoolean() ? Long.MIN_VALUE : -7L, new byte[fixed >= 0 ? fixed : 0]);
    String path = directory.resolve(UUID.randomUUID() + ".alexseg").toString();
    try (SegmentWriter writer =
        SegmentWriter.create(
            LocalFileStore.INSTANCE, path, UUID.randomUUID(), schema, SegmentOptions.defaults())) {
      for (var row : model.entrySet()) {
        writer.append(ArrayRow.of(schema, row.getKey(), row.getValue()));
      }
      writer.finish();
    }
    try (Segment segment = Segment.open(LocalFileStore.INSTANCE, path)) {
      for (int i = 0; i < 3_000; i++) {
        long key = random.nextInt(20) == 0 ? random.nextLong() : random.nextInt(range);
        checkKey(segment, key, model);
      }
      for (long key : new long[] {Long.MIN_VALUE, Long.MAX_VALUE, -7, 0}) {
        checkKey(segment, key, model);
      }
    }
  }

  private static void checkKey(Segment segment, long key, Map<Long, byte[]> model) {
    long found = segment.findBytes(1, key);
    if (!model.containsKey(key)) {
      assertThat(found).isEqualTo(Segment.ABSENT);
    } else if (model.get(key) == null) {
      assertThat(found).isEqualTo(-1);
    } else {
      byte[] value = new byte[(int) found];
      segment.bytes().get((int) (found >>> 32), value, 0, value.length);
      assertThat(value).isEqualTo(model.get(key));
    }
  }
}
