package io.alexstore.spark.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.key.KeyCodec;
import io.alexstore.key.KeyRange;
import io.alexstore.key.KeyRanges;
import io.alexstore.row.ArrayRow;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.schema.StringType;
import io.alexstore.segment.Segment;
import io.alexstore.segment.SegmentOptions;
import io.alexstore.table.AlexTable;
import io.alexstore.table.TableWriter;
import io.alexstore.testkit.RandomizedTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;

/** The rows that single keys and ranges of keys find, against a look at every row. */
class PositionsTest {

  private static final int ROWS = 5000;

  @TempDir Path directory;

  private Object value(boolean strings, int number) {
    return strings ? "key" + String.format("%06d", number) : (Object) (long) number;
  }

  @RandomizedTest(iterations = 8)
  void theRowsOfPointsAndRangesAreRight(Random random) throws IOException {
    boolean strings = random.nextBoolean();
    boolean unique = random.nextBoolean();
    SchemaBuilder builder =
        new SchemaBuilder().column("id", strings ? StringType.BINARY_ORDER : ScalarType.LONG);
    Schema schema = (unique ? builder.primaryKey("id") : builder.sortKey("id")).build();
    int[] numbers = random.ints(ROWS, 0, 4 * ROWS).sorted().toArray();
    if (unique) {
      numbers = java.util.Arrays.stream(numbers).distinct().toArray();
    }
    String path = directory.resolve("t" + random.nextLong()).toString();
    try (AlexTable table = AlexTable.create(path, schema, Map.of())) {
      try (TableWriter writer = table.appender(SegmentOptions.defaults())) {
        for (int number : numbers) {
          writer.append(ArrayRow.of(schema, value(strings, number)));
        }
        writer.commit();
      }
      table.refresh();
      Segment segment = table.segment(table.snapshot().segments().get(0));
      for (int i = 0; i < 20; i++) {
        check(segment, numbers, strings, table.keyCodec(), random);
      }
    }
  }

  private void check(
      Segment segment, int[] numbers, boolean strings, KeyCodec codec, Random random) {
    KeyRanges ranges = KeyRanges.none(codec.form());
    List<int[]> wanted = new ArrayList<>();
    int count = random.nextInt(random.nextBoolean() ? 10 : 3000);
    for (int i = 0; i < count; i++) {
      int low = random.nextInt(4 * ROWS);
      int high = random.nextInt(10) > 0 ? low : low + random.nextInt(50);
      wanted.add(new int[] {low, high});
      ranges =
          ranges.union(codec.ranges(KeyRange.between(value(strings, low), value(strings, high))));
    }
    boolean[] expected = new boolean[numbers.length];
    for (int row = 0; row < numbers.length; row++) {
      for (int[] range : wanted) {
        expected[row] |= numbers[row] >= range[0] && numbers[row] <= range[1];
      }
    }
    boolean[] found = new boolean[numbers.length];
    int[] runs = Positions.of(segment, ranges);
    for (int i = 0; i < runs.length; i += 2) {
      assertThat(runs[i]).isLessThan(runs[i + 1]);
      assertThat(i == 0 || runs[i - 1] < runs[i]).isTrue();
      for (int row = runs[i]; row < runs[i + 1]; row++) {
        found[row] = true;
      }
    }
    assertThat(found).isEqualTo(expected);
  }
}
