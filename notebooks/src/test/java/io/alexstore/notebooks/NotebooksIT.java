package io.alexstore.notebooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every notebook, executed headless in its small size; its own assertions compare the answers. */
@ExtendWith(PythonEnvironment.class)
class NotebooksIT {

  static Stream<String> notebooks() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(PythonEnvironment.file("")))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".ipynb"))
          .map(name -> name.substring(0, name.length() - ".ipynb".length()))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("notebooks")
  void runs(String name) throws IOException {
    Path png = Path.of(PythonEnvironment.file("target/" + name + ".png"));
    Files.deleteIfExists(png);
    PythonEnvironment.run(
            Path.of(PythonEnvironment.file("")),
            "python",
            PythonEnvironment.file("execute.py"),
            name)
        .orThrow();
    // A few kilobytes would be an empty canvas.
    assertThat(png).exists().satisfies(file -> assertThat(Files.size(file)).isGreaterThan(20_000));
  }
}
