package io.alexstore.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.io.LocalFileStore;
import io.alexstore.maintain.TableVerifier;
import io.alexstore.row.Cursor;
import io.alexstore.row.Row;
import io.alexstore.schema.Column;
import io.alexstore.schema.ColumnType;
import io.alexstore.schema.ListType;
import io.alexstore.schema.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The table in {@code golden/evolved/v1}, whose columns changed between its rows, is read for ever:
 * every version under its own columns. The files were made by {@link GoldenEvolvedTable} and never
 * change.
 */
class GoldenEvolvedTableTest {

  private static final String FIRST = "k INT, a STRING, s <x INT, y STRING>, l [<n SHORT>]";
  private static final String SECOND =
      "k LONG, b LONG, name STRING, s <z DOUBLE, x INT, y STRING>, l [<n SHORT>]";
  private static final String THIRD =
      "k LONG, b LONG, s <z DOUBLE, y STRING>, l [<n INT>], name STRING";
  private static final String FOURTH = "id LONG, s <z DOUBLE, x STRING>, l [<n INT>], name STRING";

  /** What a version is: its columns, then its rows in the order of the key. */
  private static final List<List<String>> VERSIONS =
      List.of(
          List.of(FIRST),
          List.of(
              FIRST,
              "[-1, one, [10, p], [[1], [2]]]",
              "[2, null, null, []]",
              "[3, three, [null, q], null]"),
          List.of(
              SECOND,
              "[-1, 7, one, [0.5, 10, p], [[1], [2]]]",
              "[2, 7, null, null, []]",
              "[3, 7, three, [0.5, null, q], null]"),
          List.of(
              SECOND,
              "[-1, 7, one, [0.5, 10, p], [[1], [2]]]",
              "[2, 7, null, null, []]",
              "[3, 7, three, [0.5, null, q], null]",
              "[1099511627776, 8, four, [1.5, 40, r], [[4]]]"),
          List.of(
              THIRD,
              "[-1, 7, [0.5, p], [[1], [2]], one]",
              "[2, 7, null, [], null]",
              "[3, 7, [0.5, q], null, three]",
              "[1099511627776, 8, [1.5, r], [[4]], four]"),
          List.of(
              THIRD,
              "[-1, 7, [0.5, p], [[1], [2]], one]",
              "[3, 7, [0.5, q], null, three]",
              "[1099511627776, 8, [1.5, r], [[4]], four]"),
          List.of(
              THIRD,
              "[-1, 7, [0.5, p], [[1], [2]], one]",
              "[3, 7, [0.5, q], null, three]",
              "[5, null, [2.5, t], [[1048576]], five]",
              "[1099511627776, 8, [1.5, r], [[4]], four]"),
          List.of(
              FOURTH,
              "[-1, [0.5, p], [[1], [2]], one]",
              "[3, [0.5, q], null, three]",
              "[5, [2.5, t], [[1048576]], five]",
              "[1099511627776, [1.5, r], [[4]], four]"),
          List.of(
              FOURTH,
              "[-1, [0.5, p], [[1], [2]], one]",
              "[3, [0.5, q], null, three]",
              "[5, [2.5, t], [[1048576]], five]",
              "[1099511627776, [1.5, r], [[4]], four]"),
          List.of(
              FOURTH + ", b STRING",
              "[-1, [0.5, p], [[1], [2]], one, null]",
              "[3, [0.5, q], null, three, null]",
              "[5, [2.5, t], [[1048576]], five, null]",
              "[1099511627776, [1.5, r], [[4]], four, null]"));

  private static String golden() throws Exception {
    return Path.of(GoldenEvolvedTableTest.class.getResource("/golden/evolved/v1").toURI())
        .toString();
  }

  @Test
  void everyVersionIsReadUnderItsOwnColumns() throws Exception {
    try (AlexTable table = AlexTable.open(golden())) {
      assertThat(table.snapshot().version()).isEqualTo(VERSIONS.size() - 1);
      for (int version = 0; version < VERSIONS.size(); version++) {
        try (AlexTable then = table.asOf(version)) {
          assertThat(said(then)).as("version %d", version).isEqualTo(VERSIONS.get(version));
        }
      }
    }
  }

  @Test
  void rowsAreFoundByTheirKeysWhateverColumnsTheyWereWrittenWith() throws Exception {
    try (AlexTable table = AlexTable.open(golden())) {
      assertThat(text(table.get(3L).orElseThrow())).isEqualTo("[3, [0.5, q], null, three, null]");
      assertThat(table.get(2L)).isEmpty();
      try (AlexTable then = table.asOf(3)) {
        assertThat(text(then.get(2).orElseThrow())).isEqualTo("[2, 7, null, null, []]");
        assertThat(text(then.get(1L << 40).orElseThrow()))
            .isEqualTo("[1099511627776, 8, four, [1.5, 40, r], [[4]]]");
      }
    }
    assertThat(TableVerifier.verify(LocalFileStore.INSTANCE, golden()).findings()).isEmpty();
  }

  private static List<String> said(AlexTable table) throws Exception {
    List<String> said = new ArrayList<>();
    said.add(columns(table.schema().columns()));
    try (Cursor cursor = table.scan()) {
      while (cursor.next()) {
        said.add(text(cursor.row()));
      }
    }
    return said;
  }

  private static String text(Row row) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      values.add(row.get(i));
    }
    return values.toString();
  }

  private static String columns(List<Column> columns) {
    return columns.stream()
        .map(column -> column.name() + " " + type(column.type()))
        .collect(Collectors.joining(", "));
  }

  private static String type(ColumnType type) {
    if (type instanceof StructType struct) {
      return "<" + columns(struct.fields()) + ">";
    } else if (type instanceof ListType list) {
      return "[" + type(list.element()) + "]";
    }
    return type instanceof io.alexstore.schema.StringType ? "STRING" : type.toString();
  }
}
