package io.alexstore.segment;

import io.alexstore.schema.Column;
import io.alexstore.schema.Schema;
import io.alexstore.segment.RandomTable.Keyed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Writes the golden segments of the current format, once for each format version: files that every
 * later release must read. What is there is never overwritten.
 *
 * <p>Run in {@code engine}: {@code mvn -q test-compile} and then {@code java -cp
 * target/classes:target/test-classes:<jackson> io.alexstore.segment.GoldenSegments
 * src/test/resources/golden/segment/v1}.
 */
final class GoldenSegments {
  private static final int ROWS = 200;

  private GoldenSegments() {}

  /** Writes {@code <kind>.alexseg} and, line by line, key and row as {@code <kind>.txt}. */
  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[0]).toAbsolutePath();
    Files.createDirectories(directory);
    for (SmallSegments.Kind kind : SmallSegments.Kind.values()) {
      if (Files.exists(directory.resolve(kind + ".alexseg"))) {
        System.out.println(kind + " is there; golden files are never written again");
        continue;
      }
      Schema schema = SmallSegments.schema(kind);
      List<Keyed> rows = SmallSegments.rows(kind, ROWS);
      SmallSegments.write(directory.resolve(kind + ".alexseg"), schema, rows);
      List<String> lines = new ArrayList<>();
      for (Keyed row : rows) {
        lines.add(line(schema.columns(), row));
      }
      Files.write(directory.resolve(kind + ".txt"), lines);
    }
  }

  private static String line(List<Column> columns, Keyed row) {
    return HexFormat.of().formatHex(row.key()) + " " + TestValues.text(columns, row.row());
  }
}
