package io.alexstore.maintain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.commit.OnConflict;
import io.alexstore.error.TableNotFoundException;
import io.alexstore.io.FileStore;
import io.alexstore.table.AlexTable;
import io.alexstore.testkit.CrashSimulatingFileStore;
import io.alexstore.testkit.RandomizedTest;
import java.io.IOException;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Any statements with any housekeeping in between: a map says what the rows are. */
class MaintenanceRandomTest {

  private final FileStore store = new CrashSimulatingFileStore();
  private final TreeMap<Long, SortedMap<Long, String>> versions = new TreeMap<>();
  private SortedMap<Long, String> model = new TreeMap<>();
  private long expiredBefore;

  @RandomizedTest(iterations = 12)
  void agreesWithAMap(Random random) throws Exception {
    AlexTable.create(store, Kit.PATH, Kit.schema(random.nextBoolean()), Map.of()).close();
    versions.put(0L, model);
    for (int step = 0; step < 40; step++) {
      String what = step(random, "step " + step);
      long version = Kit.version(store);
      assertThat(Kit.rows(store)).as("%s, step %d", what, step).isEqualTo(model);
      // A compaction may make several versions, all with the same rows.
      for (long v = versions.lastKey() + 1; v <= version; v++) {
        versions.put(v, model);
      }
      if (step % 8 == 7) {
        Kit.requireClean(store, what + ", step " + step);
        checkVersions();
      }
    }
  }

  private void checkVersions() throws IOException {
    for (var version : versions.entrySet()) {
      if (version.getKey() >= expiredBefore) {
        assertThat(Kit.rows(store, version.getKey()))
            .as("version %d", version.getKey())
            .isEqualTo(version.getValue());
      } else {
        assertThatThrownBy(() -> Kit.rows(store, version.getKey()))
            .isInstanceOf(TableNotFoundException.class)
            .hasMessageContaining("has expired");
      }
    }
  }

  private String step(Random random, String by) throws IOException {
    TreeSet<Long> keys = new TreeSet<>();
    for (int i = 1 + random.nextInt(random.nextInt(3) == 0 ? 600 : 40); i > 0; i--) {
      keys.add((long) random.nextInt(1500));
    }
    SortedMap<Long, String> next = new TreeMap<>(model);
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> {
        Kit.write(store, OnConflict.UPDATE, by, keys);
        keys.forEach(key -> next.put(key, by));
        model = next;
        return "upsert";
      }
      case 3 -> {
        Kit.write(store, OnConflict.IGNORE, by, keys);
        keys.forEach(key -> next.putIfAbsent(key, by));
        model = next;
        return "append of what is new";
      }
      case 4 -> {
        keys.removeAll(model.keySet());
        Kit.write(store, OnConflict.ERROR, by, keys);
        keys.forEach(key -> next.put(key, by));
        model = next;
        return "append";
      }
      case 5, 6 -> {
        Kit.delete(store, keys);
        next.keySet().removeAll(keys);
        model = next;
        return "delete";
      }
      case 7 -> {
        if (random.nextInt(4) == 0) {
          Kit.overwrite(store, by, keys);
          model = Kit.expected(by, keys);
        }
        return "overwrite";
      }
      case 8, 9 -> {
        Compaction compaction = Kit.compaction(store).minDeletedShare(0.01 + random.nextDouble());
        (random.nextInt(3) == 0 ? compaction.all() : compaction).run();
        return "compaction";
      }
      case 10 -> {
        long newest = versions.lastKey();
        long to = expiredBefore + random.nextInt((int) (newest - expiredBefore) + 1);
        Rollback.to(store, Kit.PATH, to);
        model = versions.get(to);
        return "rollback to " + to;
      }
      default -> {
        if (random.nextInt(2) == 0) {
          int keep = 1 + random.nextInt(10);
          long newest = versions.lastKey();
          var result = SnapshotExpiry.of(store, Kit.PATH).keepLast(keep).run();
          expiredBefore = Math.max(expiredBefore, newest - keep + 1);
          assertThat(result.expiredBefore()).isEqualTo(expiredBefore);
        }
        return "expiry";
      }
    }
  }
}
