package io.alexstore.notebooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar in the {@code spark-sql} shell of PySpark's own distribution. */
@ExtendWith(PythonEnvironment.class)
class SparkSqlShellIT {

  /** Where the shell keeps its metastore, too. */
  @TempDir Path directory;

  private PythonEnvironment.Outcome shell(String... arguments) {
    String[] all = {
      "--master",
      "local[2]",
      "--jars",
      PythonEnvironment.jar(),
      "--conf",
      "spark.sql.extensions=io.alexstore.spark.AlexStoreExtensions",
      "--conf",
      "spark.sql.catalog.c=io.alexstore.spark.AlexStoreCatalog",
      "--conf",
      "spark.sql.catalog.c.warehouse=" + directory.resolve("warehouse"),
      "--conf",
      "spark.sql.catalog.spark_catalog=io.alexstore.spark.AlexStoreSessionCatalog",
      "--conf",
      "spark.sql.shuffle.partitions=2",
      "--conf",
      "spark.ui.enabled=false",
      "-S",
      arguments[0],
      arguments[1]
    };
    return PythonEnvironment.run(directory, "spark-sql", all);
  }

  @Test
  void answersAsWritten() throws IOException {
    var outcome = shell("-f", PythonEnvironment.file("src/test/sql/catalog.sql"));
    String expected = Files.readString(Path.of(PythonEnvironment.file("src/test/sql/catalog.out")));
    assertThat(outcome.orThrow()).isEqualTo(expected);
    assertThat(outcome.err()).doesNotContain("Unrecognized hint");
  }

  @Test
  void namesTheKeyThatIsThereAlready() {
    var outcome =
        shell(
            "-e",
            "CREATE TABLE c.t (id BIGINT NOT NULL, PRIMARY KEY (id));"
                + " INSERT INTO c.t VALUES (1), (2); INSERT INTO c.t VALUES (2), (3);"
                + " SELECT 'not reached';");
    assertThat(outcome.exit()).isNotZero();
    assertThat(outcome.err()).contains("DuplicateKeyException").contains("(id=2)");
    assertThat(outcome.out()).doesNotContain("not reached");
  }
}
