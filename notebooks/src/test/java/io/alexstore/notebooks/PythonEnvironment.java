package io.alexstore.notebooks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The virtual environment of the notebooks, which {@code notebooks/environment} makes. As an
 * extension it skips a test class, and says so, where there is no Python that will do.
 */
public final class PythonEnvironment implements ExecutionCondition {

  private static final Path MODULE = Path.of("").toAbsolutePath();
  private static final int NO_PYTHON = 3;

  /** After so many a process is ended, and the test fails: many times what a busy machine takes. */
  private static final int MINUTES = 30;

  /** What a process printed, and how it ended. */
  record Outcome(int exit, String out, String err) {

    /** What it printed to its standard output. */
    String orThrow() {
      if (exit != 0) {
        throw new AssertionError("ended with " + exit + "\n" + out + "\n" + err);
      }
      return out;
    }
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    Outcome python = environment("--python");
    if (python.exit() == NO_PYTHON) {
      String why = python.err().strip();
      context
          .getTestClass()
          .filter(c -> context.getTestMethod().isEmpty())
          .ifPresent(c -> System.out.println("SKIPPED " + c.getSimpleName() + ": " + why));
      return ConditionEvaluationResult.disabled(why);
    }
    python.orThrow();
    return ConditionEvaluationResult.enabled("there is a Python");
  }

  /** The jar as users get it. */
  static String jar() {
    return Path.of(System.getProperty("alexstore.jar")).normalize().toString();
  }

  /** A file of this module. */
  static String file(String path) {
    return MODULE.resolve(path).toString();
  }

  /**
   * Runs a program of the environment, which is made if need be.
   *
   * @param directory the working directory
   */
  static Outcome run(Path directory, String program, String... arguments) {
    String bin = environment().orThrow().strip() + "/bin";
    List<String> command = new ArrayList<>(List.of(bin + "/" + program));
    command.addAll(List.of(arguments));
    // As in a shell in which the environment is active; workers are of the same Python.
    String path = bin + ":" + System.getenv("PATH");
    return run(directory, command, Map.of("PATH", path, "PYSPARK_PYTHON", bin + "/python"));
  }

  private static Outcome environment(String... arguments) {
    List<String> command = new ArrayList<>(List.of(file("environment")));
    command.addAll(List.of(arguments));
    return run(MODULE, command, Map.of());
  }

  private static Outcome run(Path directory, List<String> command, Map<String, String> set) {
    try {
      Path out = Files.createTempFile("alexstore", ".out");
      Path err = Files.createTempFile("alexstore", ".err");
      try {
        ProcessBuilder builder =
            new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        var variables = builder.environment();
        variables
            .keySet()
            .removeIf(name -> name.startsWith("SPARK_") || name.startsWith("PYSPARK"));
        variables.put("SPARK_LOCAL_IP", "127.0.0.1");
        variables.put("JAVA_HOME", System.getProperty("java.home"));
        variables.putAll(set);
        Process process = builder.start();
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly().waitFor();
          throw new AssertionError(
              String.format(
                  Locale.ROOT,
                  "%s was not done after %d minutes, and was ended:%n%s%n%s",
                  command,
                  MINUTES,
                  Files.readString(out, UTF_8),
                  Files.readString(err, UTF_8)));
        }
        return new Outcome(
            process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
