package io.alexstore.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.commit.OnConflict;
import io.alexstore.commit.ProbeOutcome;
import io.alexstore.error.CommitConflictException;
import io.alexstore.error.DuplicateKeyException;
import io.alexstore.io.FileStore;
import io.alexstore.io.LocalFileStore;
import io.alexstore.log.LogEntry;
import io.alexstore.log.Operation;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.maintain.Compaction;
import io.alexstore.maintain.TableVerifier;
import io.alexstore.segment.DeletionVector;
import io.alexstore.segment.Segment;
import io.alexstore.segment.SegmentInfo;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writers in several processes change the same rows, and compact the table meanwhile; then the
 * history is checked: each version is the one before it and what the commit of that version set out
 * to do, nothing more and nothing less. So no update is lost, no key comes twice, and no commit saw
 * a mix of two versions.
 *
 * <p>{@code -Dalexstore.history.commits=N}: how many commits in all, 120 unless told.
 */
class HistoryTest {

  private static final String PREFIX = "committed ";
  private static final int PROCESSES = 2;
  private static final int THREADS = 4;
  private static final int KEYS = 200;

  @TempDir Path directory;

  /** What one commit did: the rows that it made, and those that went. */
  private record Commit(String operation, String by, List<Long> keys) {
    String text(long version) {
      String list = String.join(",", keys.stream().map(String::valueOf).toList());
      return PREFIX + version + " " + operation + " " + by + " " + list;
    }

    static Commit parse(String[] words) {
      List<Long> keys = new ArrayList<>();
      if (words.length > 4) {
        Arrays.stream(words[4].split(",")).map(Long::valueOf).forEach(keys::add);
      }
      return new Commit(words[2], words[3], keys);
    }

    /** The version after it, given the one before. */
    SortedMap<Long, String> apply(SortedMap<Long, String> before) {
      SortedMap<Long, String> after = new TreeMap<>(before);
      for (long key : keys) {
        switch (operation) {
          case "append" -> assertThat(after.put(key, by)).as("appended key %d", key).isNull();
          case "upsert" -> after.put(key, by);
          case "ignore" -> after.putIfAbsent(key, by);
          case "delete" -> after.remove(key);
          // Adds to what was there, so a lost update shows.
          case "update" -> {
            String old = after.get(key);
            assertThat(old).as("updated key %d", key).isNotNull();
            after.put(key, longer(old));
          }
          default -> throw new IllegalStateException(operation);
        }
      }
      return after;
    }
  }

  private static String longer(String value) {
    return value.length() > 60 ? value.substring(0, 8) + "+" : value + "+";
  }

  /** What the processes run. */
  static final class Writers {
    private Writers() {}

    public static void main(String[] args) throws Exception {
      List<Thread> threads = new ArrayList<>();
      int process = Integer.parseInt(args[1]);
      int commits = Integer.parseInt(args[2]);
      for (int t = 0; t < THREADS; t++) {
        String name = process + "." + t;
        Random random = new Random(Long.parseLong(args[3]) + 31L * process + t);
        Thread thread =
            new Thread(
                () -> {
                  try {
                    write(args[0], name, commits, random);
                  } catch (Exception e) {
                    e.printStackTrace();
                    System.exit(1);
                  }
                });
        threads.add(thread);
        thread.start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }

    private static void write(String path, String name, int commits, Random random)
        throws Exception {
      try (AlexTable table = AlexTable.open(path)) {
        for (int commit = 0; commit < commits; ) {
          table.refresh();
          TreeSet<Long> keys = new TreeSet<>();
          for (int i = 1 + random.nextInt(8); i > 0; i--) {
            keys.add((long) random.nextInt(KEYS));
          }
          String by = name + "-" + commit;
          try {
            if (random.nextInt(8) == 0) {
              Compaction.of(path).options(Tables.SMALL).all().run();
              continue;
            }
            if (change(table, random, by, keys)) {
              commit++;
            }
          } catch (CommitConflictException | DuplicateKeyException e) {
            // As it should be: these keys are in the table, or another writer was there first.
          }
        }
      }
    }

    /** Changes rows and tells of it; false if there was nothing to change. */
    private static boolean change(AlexTable table, Random random, String by, Set<Long> keys)
        throws Exception {
      FileStore store = LocalFileStore.INSTANCE;
      Snapshot made;
      String operation;
      switch (random.nextInt(5)) {
        case 0 -> {
          operation = "append";
          made = commit(store, table.beginAppend(), by, keys);
        }
        case 1 -> {
          operation = "upsert";
          made = commit(store, table.beginAppend(OnConflict.UPDATE), by, keys);
        }
        case 2 -> {
          operation = "ignore";
          made = commit(store, table.beginAppend(OnConflict.IGNORE), by, keys);
        }
        case 3 -> {
          operation = "delete";
          made = table.delete(List.copyOf(keys));
        }
        default -> {
          operation = "update";
          made = update(store, table, keys);
          if (made == null) {
            return false;
          }
        }
      }
      System.out.println(new Commit(operation, by, List.copyOf(keys)).text(made.version()));
      return true;
    }

    private static Snapshot commit(FileStore store, TableWrite write, String by, Set<Long> keys)
        throws Exception {
      List<SegmentInfo> segments = Tables.write(store, write, by, keys);
      try {
        return write.commit(segments);
      } finally {
        write.abort(segments);
      }
    }

    /** Reads rows and writes them anew, longer; {@code keys} becomes those that were there. */
    private static Snapshot update(FileStore store, AlexTable table, Set<Long> keys)
        throws Exception {
      Map<UUID, DeletionVector> rows = new HashMap<>();
      SortedMap<Long, String> values = new TreeMap<>();
      for (SegmentEntry entry : table.snapshot().segments()) {
        DeletionVector deleted = entry.deletions().read(store, table.path(), entry);
        DeletionVector.Builder positions = new DeletionVector.Builder();
        try (Segment segment = Segment.open(store, entry.pathIn(table.path()))) {
          for (long key : keys) {
            int position = segment.find(key);
            if (position >= 0 && !deleted.contains(position)) {
              positions.add(position);
              values.put(key, segment.row(position).getString("by"));
            }
          }
        }
        rows.put(entry.id(), positions.build());
      }
      keys.retainAll(values.keySet());
      if (keys.isEmpty()) {
        return null;
      }
      TableWrite write = table.beginRowChange(Operation.UPDATE, Optional.empty());
      List<SegmentInfo> segments = new ArrayList<>();
      for (Map.Entry<Long, String> row : values.entrySet()) {
        segments.addAll(Tables.write(store, write, longer(row.getValue()), List.of(row.getKey())));
      }
      try {
        return write.commitTasks(
            List.of(new TaskOutput(segments, ProbeOutcome.NONE).deleting(rows)));
      } finally {
        write.abort(segments);
      }
    }
  }

  @Test
  void eachVersionIsTheOneBeforeAndItsCommit() throws Exception {
    String path = directory.resolve("t").toString();
    Tables.create(LocalFileStore.INSTANCE, path).close();
    int commits = Integer.getInteger("alexstore.history.commits", 120);
    long seed = Long.getLong("alexstore.seed", System.nanoTime());
    List<Process> processes = new ArrayList<>();
    Map<Long, Commit> history = new HashMap<>();
    try {
      for (int p = 0; p < PROCESSES; p++) {
        processes.add(
            start(path, p, (commits + PROCESSES * THREADS - 1) / (PROCESSES * THREADS), seed));
      }
      for (Process process : processes) {
        try (var lines =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
          for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ", -1);
            if (line.startsWith(PREFIX)) {
              assertThat(history.put(Long.valueOf(words[1]), Commit.parse(words))).isNull();
            }
          }
        }
        assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("seed %d", seed).isZero();
      }
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
    assertThat(history).hasSizeGreaterThanOrEqualTo(commits);
    SortedMap<Long, String> expected = new TreeMap<>();
    try (AlexTable table = AlexTable.open(path)) {
      long compactions = 0;
      for (LogEntry entry : table.history().subList(1, table.history().size())) {
        long v = entry.version();
        Commit commit = history.get(v);
        if (commit == null) {
          assertThat(entry.operation()).as("version %d", v).isEqualTo(Operation.COMPACT);
          compactions++;
        } else {
          expected = commit.apply(expected);
        }
        try (AlexTable version = table.asOf(v)) {
          assertThat(Tables.rows(version))
              .as("version %d by %s, seed %d", v, commit, seed)
              .isEqualTo(expected);
        }
      }
      assertThat(table.snapshot().version()).isEqualTo(history.size() + compactions);
      assertThat(compactions).isPositive();
      assertThat(table.listOrphans()).isEmpty();
      assertThat(TableVerifier.verify(path).findings()).isEmpty();
    }
  }

  private static Process start(String path, int process, int commits, long seed) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(Writers.class.getName());
    command.addAll(
        List.of(path, Integer.toString(process), Integer.toString(commits), Long.toString(seed)));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
