package io.alexstore.maintain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.commit.OnConflict;
import io.alexstore.error.TableNotFoundException;
import io.alexstore.io.FileStatus;
import io.alexstore.io.FileStore;
import io.alexstore.log.LogEntry;
import io.alexstore.log.Operation;
import io.alexstore.log.TableLog;
import io.alexstore.table.AlexTable;
import io.alexstore.testkit.CrashSimulatingFileStore;
import io.alexstore.testkit.FaultInjectingFileStore;
import io.alexstore.testkit.FaultPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class SnapshotExpiryTest {

  /** Versions 1 to 4: rows, other rows, a deletion in a file of its own, a compaction. */
  private static CrashSimulatingFileStore table() throws IOException {
    var disk = new CrashSimulatingFileStore();
    Kit.create(disk);
    Kit.write(disk, OnConflict.ERROR, "a", Kit.keys(0, 300));
    Kit.write(disk, OnConflict.UPDATE, "b", Kit.keys(100, 200));
    Kit.delete(disk, Kit.keys(50, 120));
    Kit.compaction(disk).all().run();
    return disk;
  }

  private static Set<String> data(FileStore store) throws IOException {
    Set<String> names = new HashSet<>();
    for (FileStatus file : store.list(Kit.PATH + "/data")) {
      names.add(file.name());
    }
    return names;
  }

  /** Exactly the files of the versions that are kept. */
  private static Set<String> needed(FileStore store) throws IOException {
    TableLog log = new TableLog(store, Kit.PATH);
    Set<String> names = new HashSet<>();
    for (long v = log.load().expiredBefore(); v <= log.load().version(); v++) {
      log.load(v).segments().forEach(s -> names.add(s.path().replace("data/", "")));
    }
    return names;
  }

  @Test
  void onlyWhatNoKeptVersionNamesIsDeleted() throws Exception {
    for (int keep = 1; keep <= 6; keep++) {
      CrashSimulatingFileStore disk = table();
      SortedMap<Long, String> rows = Kit.rows(disk);
      Set<String> before = data(disk);
      long newest = Kit.version(disk);
      long first = Math.max(0, newest - keep + 1);
      var dry = SnapshotExpiry.of(disk, Kit.PATH).keepLast(keep).dryRun().run();
      assertThat(data(disk)).isEqualTo(before);
      assertThat(Kit.version(disk)).isEqualTo(newest);
      var result = SnapshotExpiry.of(disk, Kit.PATH).keepLast(keep).run();
      assertThat(result).isEqualTo(dry);
      assertThat(result.expiredBefore()).isEqualTo(first);
      assertThat(result.expiredVersions()).isEqualTo(first);
      assertThat(data(disk)).isEqualTo(needed(disk));
      before.removeAll(data(disk));
      assertThat(result.deletedFiles()).containsExactlyInAnyOrderElementsOf(before);
      assertThat(result.deletedBytes() > 0).isEqualTo(!before.isEmpty());
      assertThat(Kit.rows(disk)).isEqualTo(rows);
      Kit.requireClean(disk, "keep " + keep);
      for (long v = first; v <= newest; v++) {
        assertThat(Kit.rows(disk, v)).isNotNull();
      }
      if (first > 0) {
        assertThatThrownBy(() -> Kit.rows(disk, first - 1))
            .isInstanceOf(TableNotFoundException.class)
            .hasMessageContaining("Version " + (first - 1))
            .hasMessageContaining("has expired");
      }
    }
  }

  @Test
  void whatWasTheNewestAtTheTimeIsKept() throws Exception {
    CrashSimulatingFileStore disk = table();
    List<LogEntry> history;
    try (AlexTable table = AlexTable.open(disk, Kit.PATH)) {
      history = table.history();
    }
    long madeThird = history.get(3).timestampMs();
    assertThat(expired(disk, madeThird - 1)).isEqualTo(2);
    assertThat(expired(disk, madeThird)).isEqualTo(3);
    assertThat(expired(disk, 0)).isZero();
    assertThat(expired(disk, Long.MAX_VALUE)).isEqualTo(history.size() - 1);
    // However old, the last ones stay.
    assertThat(
            SnapshotExpiry.of(disk, Kit.PATH)
                .olderThan(madeThird)
                .keepLast(4)
                .dryRun()
                .run()
                .expiredBefore())
        .isEqualTo(history.size() - 4);
    assertThatThrownBy(() -> SnapshotExpiry.of(disk, Kit.PATH).keepLast(0))
        .hasMessageContaining("at least 1");
  }

  private static long expired(FileStore store, long olderThan) throws IOException {
    return SnapshotExpiry.of(store, Kit.PATH).olderThan(olderThan).dryRun().run().expiredBefore();
  }

  @Test
  void withNothingToExpireNothingIsCommitted() throws Exception {
    CrashSimulatingFileStore disk = table();
    SnapshotExpiry.of(disk, Kit.PATH).keepLast(2).run();
    long version = Kit.version(disk);
    var again = SnapshotExpiry.of(disk, Kit.PATH).keepLast(3).run();
    assertThat(again.expiredVersions()).isZero();
    assertThat(again.deletedFiles()).isEmpty();
    assertThat(Kit.version(disk)).isEqualTo(version);
    assertThat(new TableLog(disk, Kit.PATH).load().operation()).isEqualTo(Operation.EXPIRE);
    // What is committed later does not bring expired versions back.
    Kit.write(disk, OnConflict.UPDATE, "z", List.of(1L));
    assertThatThrownBy(() -> Kit.rows(disk, 1)).hasMessageContaining("has expired");
  }

  @Test
  void aRollbackThatAnExpiryOvertookIsRefused() throws Exception {
    int refused = 0;
    for (int n = 0; ; n++) {
      CrashSimulatingFileStore disk = table();
      boolean[] ran = {false};
      int at = n;
      FaultPlan plan =
          operation -> {
            if (operation.number() == at) {
              ran[0] = true;
              try {
                SnapshotExpiry.of(disk, Kit.PATH).run();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            }
            return FaultPlan.PROCEED;
          };
      try {
        Rollback.to(new FaultInjectingFileStore(disk, plan), Kit.PATH, 2);
      } catch (TableNotFoundException e) {
        assertThat(e).hasMessageContaining("has expired");
        refused++;
      }
      Kit.requireClean(disk, "expiry at " + n);
      if (!ran[0]) {
        assertThat(n).isGreaterThan(refused);
        assertThat(refused).isGreaterThan(5);
        return;
      }
    }
  }

  /** Of both one wins, wherever they meet; and what wins has all of its files. */
  @Test
  void anExpiryAndARollbackNeverMeetHalfway() throws Exception {
    for (int n = 0; ; n++) {
      CrashSimulatingFileStore disk = table();
      boolean[] ran = {false};
      boolean[] refused = {false};
      int at = n;
      FaultPlan plan =
          operation -> {
            if (operation.number() == at) {
              ran[0] = true;
              try {
                Rollback.to(disk, Kit.PATH, 2);
              } catch (TableNotFoundException e) {
                refused[0] = true;
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            }
            return FaultPlan.PROCEED;
          };
      SnapshotExpiry.of(new FaultInjectingFileStore(disk, plan), Kit.PATH).run();
      Kit.requireClean(disk, "rollback at " + n);
      assertThat(Kit.rows(disk)).hasSize(ran[0] && !refused[0] ? 300 : 230);
      assertThat(data(disk)).isEqualTo(needed(disk));
      if (!ran[0]) {
        assertThat(n).isGreaterThan(10);
        return;
      }
    }
  }
}
