package io.alexstore.notebooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar in PySpark's own distribution: the tests in {@code src/test/python}. */
@ExtendWith(PythonEnvironment.class)
class PySparkIT {

  @TempDir Path directory;

  @Test
  void catalogAndDataSource() {
    var outcome =
        PythonEnvironment.run(
            directory,
            "python",
            PythonEnvironment.file("src/test/python/catalog_test.py"),
            PythonEnvironment.jar(),
            directory.resolve("warehouse").toString());
    outcome.orThrow();
    // Python's unittest prints there; none of the tests may go missing.
    assertThat(outcome.err()).containsPattern("Ran [1-9][0-9]+ tests").contains("\nOK");
  }
}
