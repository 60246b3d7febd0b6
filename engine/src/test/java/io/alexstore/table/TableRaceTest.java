package io.alexstore.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.error.CommitConflictException;
import io.alexstore.io.LocalFileStore;
import io.alexstore.log.LogEntry;
import io.alexstore.row.ArrayRow;
import io.alexstore.segment.SegmentInfo;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many writers at once, in threads and in processes: no commit is lost, none is done twice. */
class TableRaceTest {

  @TempDir Path directory;

  private String path() {
    return directory.resolve("t").toString();
  }

  /** The keys of a writer's commit: those of all writers lie among each other. */
  private static List<Long> keys(int writer, int commit) {
    List<Long> keys = new ArrayList<>();
    for (long i = 0; i < 20; i++) {
      keys.add((i * 100 + commit) * 16 + writer);
    }
    return keys;
  }

  private static void appendMany(String path, int writer, int commits) throws Exception {
    try (AlexTable table = AlexTable.open(path)) {
      for (int commit = 0; commit < commits; commit++) {
        Tables.append(table, "w" + writer, keys(writer, commit));
      }
    }
  }

  private void checkAllLanded(int writers, int commits) throws Exception {
    Set<Long> expected = new HashSet<>();
    for (int writer = 0; writer < writers; writer++) {
      for (int commit = 0; commit < commits; commit++) {
        expected.addAll(keys(writer, commit));
      }
    }
    try (AlexTable table = AlexTable.open(path())) {
      assertThat(Tables.rows(table).keySet()).isEqualTo(expected);
      assertThat(table.snapshot().version()).isEqualTo((long) writers * commits);
      List<LogEntry> history = table.history();
      for (int v = 1; v < history.size(); v++) {
        assertThat(history.get(v).version()).isEqualTo(v);
        assertThat(history.get(v).timestampMs()).isGreaterThan(history.get(v - 1).timestampMs());
      }
      assertThat(table.listOrphans()).isEmpty();
    }
  }

  @Test
  void threadsAppendWhileAReaderFollows() throws Exception {
    Tables.create(LocalFileStore.INSTANCE, path()).close();
    int writers = 4;
    int commits = 8;
    ExecutorService pool = Executors.newFixedThreadPool(writers + 1);
    var done = new AtomicBoolean();
    try {
      List<Future<Void>> results = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        int writer = w;
        Callable<Void> task =
            () -> {
              appendMany(path(), writer, commits);
              return null;
            };
        results.add(pool.submit(task));
      }
      Callable<Void> reader =
          () -> {
            try (AlexTable table = AlexTable.open(path())) {
              while (!done.get()) {
                table.refresh();
                assertThat(Tables.rows(table)).hasSize((int) table.snapshot().rows());
              }
            }
            return null;
          };
      Future<Void> reading = pool.submit(reader);
      for (Future<Void> result : results) {
        result.get(120, TimeUnit.SECONDS);
      }
      done.set(true);
      reading.get(60, TimeUnit.SECONDS);
    } finally {
      done.set(true);
      pool.shutdownNow();
    }
    checkAllLanded(writers, commits);
  }

  @Test
  void ofManyOverwritesOfOneVersionOneWins() throws Exception {
    Tables.create(LocalFileStore.INSTANCE, path()).close();
    int writers = 6;
    ExecutorService pool = Executors.newFixedThreadPool(writers);
    try (AlexTable table = AlexTable.open(path())) {
      List<Future<Boolean>> results = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        int writer = w;
        Callable<Boolean> task =
            () -> {
              try {
                Tables.overwrite(table, "w" + writer, keys(writer, 0));
                return true;
              } catch (CommitConflictException e) {
                return false;
              }
            };
        results.add(pool.submit(task));
      }
      int winner = -1;
      for (int w = 0; w < writers; w++) {
        if (results.get(w).get(60, TimeUnit.SECONDS)) {
          assertThat(winner).isEqualTo(-1);
          winner = w;
        }
      }
      assertThat(Tables.rows(LocalFileStore.INSTANCE, path()))
          .isEqualTo(Tables.expected("w" + winner, keys(winner, 0)));
      assertThat(table.listOrphans()).isEmpty();
    } finally {
      pool.shutdownNow();
    }
  }

  /** What the processes that the tests start run. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] args) throws Exception {
      if (args[1].equals("forever")) {
        writeForever(args[0]);
      } else {
        appendMany(args[0], Integer.parseInt(args[1]), Integer.parseInt(args[2]));
      }
    }

    /** Finishes some segments, begins another, says so and waits to be killed. */
    private static void writeForever(String path) throws Exception {
      AlexTable table = AlexTable.open(path);
      TableWrite write = table.beginAppend();
      var segments = write.target().openWriter(Tables.SMALL);
      for (long key = 1_000_000; key < 1_002_000; key++) {
        segments.append(ArrayRow.of(table.schema(), key, "dying"));
      }
      System.out.println("written");
      Thread.sleep(600_000);
    }
  }

  private Process start(String... args) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(Writer.class.getName());
    command.addAll(List.of(args));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  @Test
  void processesAppend() throws Exception {
    Tables.create(LocalFileStore.INSTANCE, path()).close();
    int writers = 3;
    int commits = 8;
    List<Process> processes = new ArrayList<>();
    try {
      for (int w = 0; w < writers; w++) {
        processes.add(start(path(), Integer.toString(w), Integer.toString(commits)));
      }
      for (Process process : processes) {
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
      }
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
    checkAllLanded(writers, commits);
  }

  @Test
  void aKilledProcessLeavesTheTableAsItWas() throws Exception {
    try (AlexTable table = Tables.create(LocalFileStore.INSTANCE, path())) {
      Tables.append(table, "a", List.of(1L, 2L));
      Process process = start(path(), "forever");
      try {
        var out = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8);
        assertThat(new BufferedReader(out).readLine()).isEqualTo("written");
      } finally {
        process.destroyForcibly();
      }
      process.waitFor();
      var expected = Tables.expected("a", List.of(1L, 2L));
      assertThat(Tables.rows(LocalFileStore.INSTANCE, path())).isEqualTo(expected);
      assertThat(table.refresh()).isTrue();
      assertThat(table.snapshot().version()).isEqualTo(1);
      assertThat(table.listOrphans()).hasSizeGreaterThan(1);
      // The dead writer stands in nobody's way.
      TableWrite next = table.beginAppend();
      List<SegmentInfo> segments =
          Tables.write(LocalFileStore.INSTANCE, next, "b", Tables.keys(1_000_000, 1_000_010));
      next.commit(segments);
      assertThat(Tables.rows(LocalFileStore.INSTANCE, path())).hasSize(12);
    }
  }
}
