package io.alexstore.benchmarks.peers;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** One format in a JVM of its own, which waits for commands. Not thread-safe. */
final class PeerProcess implements AutoCloseable {

  /**
   * What a command took.
   *
   * @param millis milliseconds on the clock
   * @param cpuMillis milliseconds of processor time
   * @param jobs the Spark jobs
   * @param digest tells rows apart that differ
   */
  record Answer(double millis, double cpuMillis, int jobs, String digest) {}

  private static final String HEAP = "-Xmx2g";

  private final Peer peer;
  private final Path log;
  private final Process process;
  private final BufferedWriter commands;
  private final BufferedReader answers;
  private final String versions;

  private PeerProcess(Peer peer, String classpath, Path log, Process process) throws IOException {
    this.peer = peer;
    this.log = log;
    this.process = process;
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.versions = jar(peer, classpath) + " on Spark " + answer("the start");
  }

  /**
   * Starts it.
   *
   * @param repository the root of the sources, below which the class paths were resolved
   * @param directory for its files; made
   * @param rows of the table
   */
  static PeerProcess start(Peer peer, Path repository, Path directory, long rows)
      throws IOException {
    Files.createDirectories(directory);
    Path target = repository.resolve("benchmarks/target");
    String classpath =
        Files.readString(
            repository
                .resolve("benchmarks/peers")
                .resolve(peer.module())
                .resolve("target/classpath"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + target.resolve("run/spark.options"));
    command.add(HEAP);
    // Spark's own logs more than warnings, which takes time.
    command.add(
        "-Dlog4j2.configurationFile="
            + repository.resolve("examples/src/main/resources/log4j2.properties"));
    String more = System.getenv("BENCHMARKS_WORKER_OPTS");
    if (more != null) {
      command.addAll(List.of(more.replace("%p", peer.module()).split(" ")));
    }
    command.add("-cp");
    command.add(target.resolve("classes") + File.pathSeparator + classpath);
    command.add(PeerWorker.class.getName());
    command.addAll(List.of(peer.name(), directory.toString(), Long.toString(rows)));
    Path log = directory.resolve("log");
    Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    return new PeerProcess(peer, classpath, log, process);
  }

  /** The name of the format's jar, which has its version. */
  private static String jar(Peer peer, String classpath) {
    return Arrays.stream(classpath.split(File.pathSeparator))
        .map(entry -> Path.of(entry).getFileName().toString())
        .filter(name -> name.startsWith(peer.jar()))
        .map(name -> name.replace(".jar", ""))
        .collect(Collectors.joining(", "));
  }

  Peer peer() {
    return peer;
  }

  /** The format's release and Spark's. */
  String versions() {
    return versions;
  }

  /** Has it do something that is timed. */
  Answer run(String command) throws IOException {
    String[] parts = ask(command).split(" ");
    return new Answer(
        Double.parseDouble(parts[0]),
        Double.parseDouble(parts[1]),
        Integer.parseInt(parts[2]),
        parts[3]);
  }

  /** Has it do something, and gives its answer as it is. */
  String ask(String command) throws IOException {
    commands.write(command);
    commands.newLine();
    commands.flush();
    return answer("'" + command + "'");
  }

  private String answer(String to) throws IOException {
    for (String line = answers.readLine(); line != null; line = answers.readLine()) {
      if (line.startsWith(PeerWorker.ANSWER)) {
        return line.substring(PeerWorker.ANSWER.length());
      }
    }
    throw new IllegalStateException(
        peer.label() + " gave no answer to " + to + " and has ended; it said:\n" + tail());
  }

  private String tail() throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
  }

  @Override
  public void close() {
    try {
      commands.close();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new java.io.InterruptedIOException("interrupted"));
    }
  }
}
