package io.alexstore.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.io.FileStore;
import io.alexstore.key.KeyForm;
import io.alexstore.testkit.CrashSimulatingFileStore;
import io.alexstore.testkit.FaultInjectingFileStore;
import io.alexstore.testkit.FaultPlan;
import io.alexstore.testkit.Seeds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Crashes of the machine at random moments: before a random file operation or between two writes,
 * of unsynced bytes any lost, reordered or torn. {@code -Dalexstore.store.crashes=10000} for ten
 * thousand.
 */
class StoreCrashTest {

  private static final int CRASHES = Integer.getInteger("alexstore.store.crashes", 300);

  /** How often one moment crashes, each time losing other bytes. */
  private static final int SURVIVORS = 4;

  private static final String PATH = "/s";

  @ParameterizedTest
  @EnumSource(KeyForm.class)
  void whatWasSyncedSurvives(KeyForm form) {
    Seeds.run(CRASHES / 2 / SURVIVORS, random -> crash(form, random));
  }

  private static void crash(KeyForm form, Random random) throws Exception {
    var disk = new CrashSimulatingFileStore();
    StoreModel model = new StoreModel(form, random, 200);
    History history = new History(model);
    for (int lives = 1 + random.nextInt(3); lives > 0; lives--) {
      // Half of the moments are file operations, so that those within a seal are met.
      int stop = random.nextBoolean() ? random.nextInt(150) : Integer.MAX_VALUE;
      var faulty = new FaultInjectingFileStore(disk, FaultPlan.stopAt(stop));
      try {
        new Writer(faulty, model, history, random).run(random.nextInt(250));
      } catch (IOException | RuntimeException e) {
        if (faulty.faults() == 0) {
          throw e;
        }
      }
      for (int i = 0; i < SURVIVORS; i++) {
        checkSurvivors(disk.crash(random), model, history);
      }
      // Then it lives on: after the machine crashed, or the process alone.
      if (random.nextBoolean()) {
        disk = disk.crash(random);
      } else {
        disk.endProcess();
      }
    }
  }

  private static void checkSurvivors(
      CrashSimulatingFileStore disk, StoreModel model, History history) throws IOException {
    AlexStore store = AlexStore.open(disk, PATH, model.options(), false);
    NavigableMap<byte[], byte[]> rows = rows(store, model);
    history.check(rows);
    // What was recovered can be written on, and crashes no worse.
    model.reset(rows);
    model.put(store, model.key(), model.value());
    store.sync();
    NavigableMap<byte[], byte[]> more = model.copy();
    AlexStore next = AlexStore.open(disk.crash(new Random(1)), PATH, model.options(), false);
    assertThat(History.same(rows(next, model), more)).isTrue();
    next.close();
  }

  private static NavigableMap<byte[], byte[]> rows(AlexStore store, StoreModel model) {
    NavigableMap<byte[], byte[]> rows = new TreeMap<>(Arrays::compareUnsigned);
    try (StoreCursor cursor = store.scan()) {
      while (cursor.next()) {
        rows.put(model.keyOf(cursor), cursor.value());
      }
    }
    return rows;
  }

  /** What the store held after each write, and up to which it must have survived. */
  private static final class History {
    private final StoreModel model;
    private final List<NavigableMap<byte[], byte[]>> states = new ArrayList<>();
    private int synced;

    History(StoreModel model) {
      this.model = model;
      states.add(model.copy());
    }

    void startWith(NavigableMap<byte[], byte[]> rows) {
      model.reset(rows);
      states.clear();
      states.add(model.copy());
      synced = 0;
    }

    void written() {
      states.add(model.copy());
    }

    void synced() {
      synced = states.size() - 1;
    }

    /** What survived is the state after some write, none of those before the last sync. */
    void check(NavigableMap<byte[], byte[]> rows) {
      for (int i = states.size() - 1; i >= synced; i--) {
        if (same(states.get(i), rows)) {
          return;
        }
      }
      int before = synced - 1;
      while (before >= 0 && !same(states.get(before), rows)) {
        before--;
      }
      throw new AssertionError(
          "The "
              + rows.size()
              + " rows that survived are those after write "
              + before
              + " (-1: after none) of "
              + (states.size() - 1)
              + ", of which "
              + synced
              + " were synced");
    }

    static boolean same(NavigableMap<byte[], byte[]> a, NavigableMap<byte[], byte[]> b) {
      if (a.size() != b.size()) {
        return false;
      }
      for (var entry : a.entrySet()) {
        if (!Arrays.equals(b.get(entry.getKey()), entry.getValue())) {
          return false;
        }
      }
      return true;
    }
  }

  /** A program that writes. */
  private static final class Writer {
    private final FileStore files;
    private final StoreModel model;
    private final History history;
    private final Random random;

    Writer(FileStore files, StoreModel model, History history, Random random) {
      this.files = files;
      this.model = model;
      this.history = history;
      this.random = random;
    }

    void run(int writes) throws IOException {
      AlexStore store =
          AlexStore.open(files, PATH, model.options().withMaxLevels(2).withRetention(0), false);
      NavigableMap<byte[], byte[]> rows = rows(store, model);
      history.check(rows);
      history.startWith(rows); // All of them are durable now.
      for (int i = 0; i < writes; i++) {
        write(store);
        int draw = random.nextInt(100);
        if (draw < 10) {
          store.sync();
          history.synced();
        } else if (draw < 13) {
          store.flush();
          history.synced();
        } else if (draw < 14) {
          store.compact();
          history.synced();
        } else if (draw < 15) {
          store.close();
          history.synced();
          store = AlexStore.open(files, PATH, model.options().withMaxLevels(2), false);
        }
      }
    }

    private void write(AlexStore store) throws IOException {
      int draw = random.nextInt(10);
      byte[] key = model.key();
      NavigableMap<byte[], byte[]> before = model.copy();
      try {
        if (draw < 6) {
          model.put(store, key, model.value());
        } else if (draw < 8) {
          model.delete(store, key);
        } else {
          model.write(store, 1 + random.nextInt(30));
        }
      } catch (IOException | RuntimeException e) {
        model.reset(before);
        throw e;
      }
      history.written();
    }
  }
}
