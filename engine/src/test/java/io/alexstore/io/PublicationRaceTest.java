package io.alexstore.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of many publications of one name, exactly one wins, and its content is whole. */
class PublicationRaceTest {

  private static final int SIZE = 20_000;

  @TempDir Path directory;

  private static byte[] content(int writer) {
    byte[] content = new byte[SIZE];
    Arrays.fill(content, (byte) writer);
    return content;
  }

  /** Checks that a published file is whole, and returns who wrote it. */
  private static int writer(byte[] content) {
    assertThat(content).isEqualTo(content(content[0]));
    return content[0];
  }

  @Test
  void oneThreadWinsEachVersion() throws Exception {
    int threads = 8;
    int versions = 20;
    var barrier = new CyclicBarrier(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<boolean[]>> results = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int writer = t;
        Callable<boolean[]> race =
            () -> {
              boolean[] won = new boolean[versions];
              for (int v = 0; v < versions; v++) {
                barrier.await(60, TimeUnit.SECONDS);
                won[v] = LocalFileStore.INSTANCE.publish(path(v), content(writer));
                // Winner or loser: whoever returned sees the winner's file, all of it.
                writer(LocalFileStore.INSTANCE.readFully(path(v), SIZE));
              }
              return won;
            };
        results.add(pool.submit(race));
      }
      for (int v = 0; v < versions; v++) {
        List<Integer> winners = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
          if (results.get(t).get()[v]) {
            winners.add(t);
          }
        }
        assertThat(winners)
            .containsExactly(writer(LocalFileStore.INSTANCE.readFully(path(v), SIZE)));
      }
      assertThat(LocalFileStore.INSTANCE.list(directory.toString())).hasSize(versions);
    } finally {
      pool.shutdownNow();
    }
  }

  private String path(int version) {
    return FilePaths.resolve(directory.toString(), "v" + version);
  }

  /**
   * A process that publishes versions as its arguments say, and prints a line of 0 and 1: who won.
   */
  static final class Racer {
    public static void main(String[] args) throws IOException {
      var directory = Path.of(args[0]);
      int writer = Integer.parseInt(args[1]);
      int versions = Integer.parseInt(args[2]);
      Files.createFile(directory.resolve("ready-" + writer));
      while (!Files.exists(directory.resolve("go"))) {
        Thread.onSpinWait();
      }
      var won = new StringBuilder();
      for (int v = 0; v < versions; v++) {
        String path = FilePaths.resolve(directory.toString(), "v" + v);
        won.append(LocalFileStore.INSTANCE.publish(path, content(writer)) ? '1' : '0');
      }
      System.out.println(won);
    }
  }

  @Test
  void oneProcessWinsEachVersion() throws Exception {
    int versions = 60;
    List<Process> processes = new ArrayList<>();
    try {
      for (int writer = 0; writer < 2; writer++) {
        processes.add(
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Racer.class.getName(),
                    directory.toString(),
                    Integer.toString(writer),
                    Integer.toString(versions))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
      }
      for (int writer = 0; writer < 2; writer++) {
        while (!Files.exists(directory.resolve("ready-" + writer))) {
          assertThat(processes.get(writer).isAlive()).isTrue();
          Thread.sleep(5);
        }
      }
      Files.createFile(directory.resolve("go"));
      List<String> won = new ArrayList<>();
      for (Process process : processes) {
        byte[] output = process.getInputStream().readAllBytes();
        won.add(new String(output, StandardCharsets.UTF_8).trim());
        assertThat(process.waitFor()).isZero();
      }
      for (int v = 0; v < versions; v++) {
        int winner = writer(LocalFileStore.INSTANCE.readFully(path(v), SIZE));
        assertThat(won.get(winner).charAt(v)).isEqualTo('1');
        assertThat(won.get(1 - winner).charAt(v)).isEqualTo('0');
      }
      assertThat(LocalFileStore.INSTANCE.list(directory.toString()))
          .noneMatch(file -> FilePaths.isTemporary(file.name()));
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
  }
}
