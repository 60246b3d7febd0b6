package io.alexstore.benchmarks.index;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A process that measures one thing and says what it found by lines {@code FIGURE name number}, so
 * that what was measured before does not show in the code that was compiled, nor in the heap.
 */
final class WorkerProcess {

  private static final String FIGURE = "FIGURE ";

  private WorkerProcess() {}

  /**
   * Runs a worker to its end.
   *
   * @param main the worker's class
   * @param megabytes its heap
   * @param arguments what it is told
   * @throws IllegalStateException if it fails, or finds nothing
   */
  static Map<String, Double> run(Class<?> main, long megabytes, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // All of the heap is there from the start, so that nobody pays for its first touch.
    command.addAll(List.of("-Xms" + megabytes + "m", "-Xmx" + megabytes + "m"));
    command.add("-XX:+AlwaysPreTouch");
    String clock = System.getProperty(MapWorker.CLOCK);
    if (clock != null) {
      command.add("-D" + MapWorker.CLOCK + "=" + clock);
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    // If this process is ended, its worker does not go on measuring for nobody.
    Thread end = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(end);
    Map<String, Double> figures = new TreeMap<>();
    try (BufferedReader lines = process.inputReader(UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(FIGURE)) {
          String[] parts = line.split(" ");
          figures.put(parts[1], Double.parseDouble(parts[2]));
        } else {
          System.out.println(line);
        }
      }
    }
    int ended = process.waitFor();
    Runtime.getRuntime().removeShutdownHook(end);
    if (ended != 0 || figures.isEmpty()) {
      throw new IllegalStateException(
          "%s %s with a heap of %d MB ended with %d and %d figures; its errors stand above"
              .formatted(
                  main.getSimpleName(),
                  String.join(" ", arguments),
                  megabytes,
                  ended,
                  figures.size()));
    }
    return figures;
  }

  /** What a worker says that it found. */
  static void print(String name, double figure) {
    System.out.println(FIGURE + name + " " + figure);
  }
}
