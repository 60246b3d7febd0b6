package io.alexstore.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.commit.OnConflict;
import io.alexstore.io.FileStore;
import io.alexstore.io.LocalFileStore;
import io.alexstore.io.hadoop.HadoopFileStore;
import io.alexstore.io.hadoop.Hdfs;
import io.alexstore.log.LogFormat;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.SnapshotEdit;
import io.alexstore.log.TableLog;
import io.alexstore.maintain.TableVerifier;
import io.alexstore.segment.SegmentInfo;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writers in several processes change the same rows, read, and compact the table meanwhile; then
 * their {@link History} is checked.
 *
 * <p>{@code -Dalexstore.history.commits=N}: how many commits in all; 120, on HDFS 40, unless told.
 */
class HistoryTest {

  private static final FileStore LOCAL = LocalFileStore.INSTANCE;
  private static final int PROCESSES = 2;

  @TempDir Path directory;

  @Test
  void eachVersionIsTheOneBeforeAndItsCommit() throws Exception {
    check(LOCAL, directory.resolve("t").toString(), 120, List.of());
  }

  @Test
  void eachVersionIsTheOneBeforeAndItsCommitOnHdfs() throws Exception {
    // What the processes find of Hadoop's configuration; a cluster of one data node.
    Configuration site = new Configuration(false);
    site.set("dfs.replication", "1");
    site.set("dfs.client.block.write.locateFollowingBlock.initial.delay.ms", "5");
    try (OutputStream file = Files.newOutputStream(directory.resolve("core-site.xml"))) {
      site.writeXml(file);
    }
    check(
        new HadoopFileStore(Hdfs.configuration()),
        Hdfs.directory(),
        40,
        List.of(directory.toString()));
  }

  private void check(FileStore store, String path, int fewCommits, List<String> classPath)
      throws Exception {
    Tables.create(store, path).close();
    int commits = Integer.getInteger("alexstore.history.commits", fewCommits);
    int writers = PROCESSES * HistoryWriters.THREADS;
    long seed = Long.getLong("alexstore.seed", System.nanoTime());
    long start = System.nanoTime();
    List<Process> processes = new ArrayList<>();
    List<Path> outputs = new ArrayList<>();
    try {
      for (int p = 0; p < PROCESSES; p++) {
        outputs.add(directory.resolve("process" + p));
        List<String> arguments =
            List.of(
                path,
                Integer.toString(p),
                Integer.toString((commits + writers - 1) / writers),
                Long.toString(seed));
        processes.add(start(classPath, arguments, outputs.get(p)));
      }
      for (Process process : processes) {
        assertThat(process.waitFor(600, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("seed %d", seed).isZero();
      }
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    History history = new History();
    for (Path output : outputs) {
      Files.readAllLines(output).forEach(history::add);
    }
    try (AlexTable table = AlexTable.open(store, path)) {
      History.Summary summary;
      try {
        summary = history.check(table);
      } catch (AssertionError e) {
        throw new AssertionError("Failed with seed " + seed + ": " + e.getMessage(), e);
      }
      System.out.println(path + ": " + summary + " in " + millis + " ms");
      assertThat(summary.commits()).isGreaterThanOrEqualTo(commits);
      assertThat(summary.compactions()).isPositive();
      assertThat(summary.reads()).isPositive();
      assertThat(table.listOrphans()).isEmpty();
    }
    assertThat(TableVerifier.verify(store, path).findings()).isEmpty();
  }

  private static Process start(List<String> classPath, List<String> arguments, Path output)
      throws IOException {
    List<String> classes = new ArrayList<>(classPath);
    classes.add(System.getProperty("java.class.path"));
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(String.join(File.pathSeparator, classes));
    command.add(HistoryWriters.class.getName());
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectOutput(output.toFile())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  // --- that the checker sees what it is to see ---

  private AlexTable small() throws IOException {
    return Tables.create(LOCAL, directory.resolve("small").toString());
  }

  /** Commits rows, and tells the history that an operation made them. */
  private static void write(
      AlexTable table, History history, String operation, String by, String told, Long... keys)
      throws IOException {
    TableWrite write = table.beginAppend(OnConflict.UPDATE);
    long version = write.commit(Tables.write(LOCAL, write, by, List.of(keys))).version();
    history.add(History.committed(version, new History.Commit(operation, told, List.of(keys))));
    table.refresh();
  }

  @Test
  void whatGoesTogetherPasses() throws Exception {
    try (AlexTable table = small()) {
      History history = new History();
      write(table, history, "append", "a", "a", 1L, 2L);
      write(table, history, "update", "a+", "x", 1L);
      write(table, history, "update", "a++", "x", 1L);
      history.add(History.read(1, Tables.expected("a", List.of(1L, 2L))));
      history.add(History.read(0, new TreeMap<>()));
      assertThat(history.check(table)).isEqualTo(new History.Summary(3, 0, 2));
    }
  }

  @Test
  void aLostUpdateIsFound() throws Exception {
    try (AlexTable table = small()) {
      History history = new History();
      write(table, history, "append", "a", "a", 1L, 2L);
      write(table, history, "update", "a+", "x", 1L);
      // Computed from the row as it was before the other.
      write(table, history, "update", "a+", "x", 1L);
      assertThatThrownBy(() -> history.check(table))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("version 3")
          .hasMessageContaining("a++");
    }
  }

  @Test
  void aRowThatNoCommitChangedIsFound() throws Exception {
    try (AlexTable table = small()) {
      History history = new History();
      write(table, history, "append", "a", "a", 1L, 2L);
      write(table, history, "upsert", "b", "c", 1L);
      assertThatThrownBy(() -> history.check(table)).hasMessageContaining("version 2");
    }
  }

  @Test
  void aDuplicateKeyIsFound() throws Exception {
    try (AlexTable table = small()) {
      History history = new History();
      write(table, history, "append", "a", "a", 1L, 2L);
      // Past all rules: the same key in another segment, and nothing marked as deleted.
      List<SegmentInfo> twice = Tables.write(LOCAL, table.beginAppend(), "b", List.of(2L));
      SegmentInfo info = twice.get(0);
      String file = LogFormat.DATA_DIRECTORY + "/" + Path.of(info.path()).getFileName();
      SegmentEntry entry =
          new SegmentEntry(
              info.segmentId(),
              file,
              table.schema().id(),
              info.rowCount(),
              info.fileSize(),
              info.minKey(),
              info.maxKey(),
              0);
      new TableLog(LOCAL, table.path())
          .publish(
              table.snapshot(),
              SnapshotEdit.of(
                  "upsert", Optional.empty(), Optional.empty(), List.of(entry), List.of()));
      table.refresh();
      history.add(History.committed(2, new History.Commit("upsert", "b", List.of(2L))));
      assertThatThrownBy(() -> history.check(table)).hasMessageContaining("key 2 comes twice");
    }
  }

  @Test
  void aReadThatMixesTwoVersionsIsFound() throws Exception {
    try (AlexTable table = small()) {
      History history = new History();
      write(table, history, "append", "a", "a", 1L, 2L);
      write(table, history, "upsert", "b", "b", 1L, 2L);
      var mixed = Tables.expected("a", List.of(1L));
      mixed.put(2L, "b");
      history.add(History.read(1, mixed));
      assertThatThrownBy(() -> history.check(table)).hasMessageContaining("a read of version 1");
    }
  }

  @Test
  void aCommitThatNobodyMadeIsFound() throws Exception {
    try (AlexTable table = small()) {
      Tables.append(table, "a", List.of(1L));
      table.refresh();
      assertThatThrownBy(() -> new History().check(table)).hasMessageContaining("version 1");
      History twice = new History();
      String line = History.committed(1, new History.Commit("append", "a", List.of(1L)));
      twice.add(line);
      assertThatThrownBy(() -> twice.add(line)).hasMessageContaining("another commit");
    }
  }
}
