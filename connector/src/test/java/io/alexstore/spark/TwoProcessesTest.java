package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.row.ArrayRow;
import io.alexstore.segment.SegmentOptions;
import io.alexstore.table.AlexTable;
import io.alexstore.table.TableWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A commit of one process is seen by the very next query of another. */
class TwoProcessesTest {

  private static final int ROUNDS = 100;

  private final SparkSession spark = TestSession.get();

  @TempDir Path directory;

  /** The other process: for each key on its input it commits a row, or looks one up. */
  public static final class Other {

    private Other() {}

    /** Takes the table's path. */
    public static void main(String[] args) throws IOException {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      try (AlexTable table = AlexTable.open(args[0])) {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
          String[] command = line.split(" ", -1);
          long key = Long.parseLong(command[1]);
          table.refresh();
          if (command[0].equals("put")) {
            put(table, key);
            System.out.println("done");
          } else {
            System.out.println(table.get(key).isPresent());
          }
        }
      }
    }
  }

  static void put(AlexTable table, long key) throws IOException {
    try (TableWriter writer = table.appender(SegmentOptions.defaults())) {
      writer.append(ArrayRow.of(table.schema(), key, "n" + key));
      writer.commit();
    }
  }

  @Test
  void eachSeesTheOthersCommitAtOnce() throws Exception {
    String path = directory.resolve("table").toString();
    spark
        .range(1)
        .selectExpr("-1 id", "'x' name")
        .selectExpr("cast(id as bigint) id", "name")
        .write()
        .format("alexstore")
        .option("primaryKey", "id")
        .save(path);
    Dataset<Row> kept = spark.read().format("alexstore").load(path);
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Other.class.getName(),
                path)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (AlexTable here = AlexTable.open(path);
        PrintWriter commands =
            new PrintWriter(other.getOutputStream(), true, StandardCharsets.UTF_8);
        BufferedReader answers =
            new BufferedReader(
                new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8))) {
      for (int i = 0; i < ROUNDS; i++) {
        commands.println("put " + i);
        assertThat(answers.readLine()).isEqualTo("done");
        // By turns a DataFrame made now, and one made before all commits.
        Dataset<Row> table = i % 2 == 0 ? spark.read().format("alexstore").load(path) : kept;
        assertThat(table.where("id = " + i).collectAsList().toString())
            .as("round %s", i)
            .isEqualTo("[[" + i + ",n" + i + "]]");

        here.refresh();
        put(here, 1_000_000 + i);
        commands.println("get " + (1_000_000 + i));
        assertThat(answers.readLine()).as("round %s", i).isEqualTo("true");
      }
      assertThat(kept.count()).isEqualTo(2 * ROUNDS + 1);
    } finally {
      other.destroy();
    }
  }
}
