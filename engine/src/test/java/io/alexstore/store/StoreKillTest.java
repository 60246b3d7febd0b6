package io.alexstore.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.testkit.Seeds;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process that writes to a store, by the signal that cannot be caught, at random moments,
 * and looks at what the next one finds; the journal of what was acknowledged is kept outside of the
 * process. {@code -Dalexstore.store.kills=200} for two hundred.
 */
class StoreKillTest {

  private static final int KILLS = Integer.getInteger("alexstore.store.kills", 8);

  @TempDir Path directory;

  @Test
  void nothingAcknowledgedIsLostAndNothingIsTorn() {
    Seeds.run(
        1,
        random -> {
          long seed = random.nextLong();
          Path store = directory.resolve("s" + seed);
          long survived = 0;
          for (int kill = 0; kill < KILLS; kill++) {
            long[] told = writeAndKill(store, seed, survived, random.nextInt(700));
            survived = check(store, seed, told[0], told[1]);
          }
        });
  }

  /**
   * Runs the program for a while.
   *
   * @return up to which write it synced, and up to which it wrote at most
   */
  private static long[] writeAndKill(Path store, long seed, long from, int milliseconds)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Journal.class.getName(),
                store.toString(),
                Long.toString(seed),
                Long.toString(from))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long[] told = {from, from};
    try (DataInputStream journal = new DataInputStream(process.getInputStream())) {
      long kill = Long.MAX_VALUE;
      List<Byte> seen = new ArrayList<>();
      while (true) {
        byte what = journal.readByte();
        long upTo = journal.readLong();
        told[what == Journal.SYNCED ? 0 : 1] = upTo;
        if (seen.isEmpty()) {
          // The time counts from the first write on: to start a process takes longer.
          seen.add(what);
          kill = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
        }
        if (System.nanoTime() >= kill) {
          // By its handle, which leaves what it has told by then to be read.
          process.toHandle().destroyForcibly();
          kill = Long.MAX_VALUE;
        }
      }
    } catch (EOFException e) {
      process.destroyForcibly();
      assertThat(process.waitFor()).as("killed, not ended by an error").isEqualTo(128 + 9);
    }
    return told;
  }

  /** Asserts that the store has what some write left, and gives that write. */
  private static long check(Path path, long seed, long synced, long written) throws IOException {
    TreeMap<Long, byte[]> rows = new TreeMap<>();
    StoreOptions options = StoreOptions.defaults().withMemoryBudget(512 << 10);
    try (AlexStore store = AlexStore.open(path, options);
        StoreCursor cursor = store.scan()) {
      while (cursor.next()) {
        rows.put(cursor.longKey(), cursor.value());
        assertThat(store.get(cursor.longKey())).isEqualTo(cursor.value());
      }
    }
    TreeMap<Long, byte[]> expected = new TreeMap<>();
    long write = 0;
    while (write < synced) {
      write = apply(expected, seed, write);
    }
    while (!same(rows, expected)) {
      assertThat(write)
          .as("what is there is the state after a write from %s to %s", synced, written)
          .isLessThan(written);
      write = apply(expected, seed, write);
    }
    return write;
  }

  private static long apply(Map<Long, byte[]> rows, long seed, long first) {
    int count = Journal.batch(seed, first);
    for (long write = first; write < first + count; write++) {
      byte[] value = Journal.value(seed, write);
      if (value == null) {
        rows.remove(Journal.key(seed, write));
      } else {
        rows.put(Journal.key(seed, write), value);
      }
    }
    return first + count;
  }

  private static boolean same(Map<Long, byte[]> a, Map<Long, byte[]> b) {
    return a.keySet().equals(b.keySet())
        && a.entrySet().stream().allMatch(e -> Arrays.equals(b.get(e.getKey()), e.getValue()));
  }
}
