package io.alexstore.table;

import static io.alexstore.schema.SchemaBuilder.field;
import static io.alexstore.schema.SchemaBuilder.list;
import static io.alexstore.schema.SchemaBuilder.struct;

import io.alexstore.io.LocalFileStore;
import io.alexstore.maintain.Compaction;
import io.alexstore.row.ArrayRow;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.schema.SchemaChange.Add;
import io.alexstore.schema.SchemaChange.After;
import io.alexstore.schema.SchemaChange.AllowNulls;
import io.alexstore.schema.SchemaChange.Drop;
import io.alexstore.schema.SchemaChange.First;
import io.alexstore.schema.SchemaChange.Last;
import io.alexstore.schema.SchemaChange.Move;
import io.alexstore.schema.SchemaChange.Rename;
import io.alexstore.schema.SchemaChange.Widen;
import io.alexstore.schema.StringType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Writes the golden table whose columns change between its rows, once for each format version:
 * files that every later release must read. What is there is never overwritten. What is in it is
 * said, version by version, in {@link GoldenEvolvedTableTest}.
 *
 * <p>Run in {@code engine}: {@code mvn -q test-compile} and then {@code java -cp
 * target/classes:target/test-classes:<jackson>:<roaringbitmap>
 * io.alexstore.table.GoldenEvolvedTable src/test/resources/golden/evolved/v1}.
 */
final class GoldenEvolvedTable {

  private GoldenEvolvedTable() {}

  /** Writes the table into a directory that is not there. */
  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[0]).toAbsolutePath();
    if (Files.exists(directory)) {
      System.out.println(directory + " is there; golden files are never written again");
      return;
    }
    Schema schema =
        new SchemaBuilder()
            .column("k", ScalarType.INT, false)
            .column("a", StringType.BINARY_ORDER)
            .column("s", struct(field("x", ScalarType.INT), field("y", StringType.BINARY_ORDER)))
            .column("l", list(struct(field("n", ScalarType.SHORT))))
            .primaryKey("k")
            .build();
    String path = directory.toString();
    try (AlexTable t = AlexTable.create(LocalFileStore.INSTANCE, path, schema, Map.of())) {
      append(
          t,
          row(-1, "one", List.of(10, "p"), List.of(List.of((short) 1), List.of((short) 2))),
          row(2, null, null, List.of()),
          row(3, "three", Arrays.asList(null, "q"), null));
      t.alter(
          List.of(
              new Add(List.of("b"), ScalarType.LONG, false, "", 7L, new After("k")),
              new Add(List.of("s", "z"), ScalarType.DOUBLE, true, "", 0.5, new First()),
              new Rename(List.of("a"), "name"),
              new Widen(List.of("k"), ScalarType.LONG)));
      append(t, row(1L << 40, 8L, "four", List.of(1.5, 40, "r"), List.of(List.of((short) 4))));
      t.alter(
          List.of(
              new Drop(List.of("s", "x")),
              new Widen(List.of("l", "element", "n"), ScalarType.INT),
              new AllowNulls(List.of("b")),
              new Move(List.of("name"), new Last())));
      t.delete(List.of(2L));
      append(t, row(5L, null, List.of(2.5, "t"), List.of(List.of(1 << 20)), "five"));
      t.alter(
          List.of(
              new Rename(List.of("s", "y"), "x"),
              new Rename(List.of("k"), "id"),
              new Drop(List.of("b"))));
      Compaction.of(LocalFileStore.INSTANCE, path).all().run();
      t.refresh();
      t.alter(List.of(new Add("b", StringType.BINARY_ORDER)));
    }
  }

  private static List<Object> row(Object... values) {
    return Arrays.asList(values);
  }

  @SafeVarargs
  private static void append(AlexTable table, List<Object>... rows) throws IOException {
    table.refresh();
    try (TableWriter writer = table.appender(Tables.SMALL)) {
      for (List<Object> row : rows) {
        writer.append(ArrayRow.of(table.schema(), row.toArray()));
      }
      writer.commit();
    }
  }
}
