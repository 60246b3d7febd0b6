package io.alexstore.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.error.TableNotFoundException;
import io.alexstore.testkit.CrashSimulatingFileStore;
import io.alexstore.testkit.FaultInjectingFileStore;
import io.alexstore.testkit.FaultPlan;
import io.alexstore.testkit.Operation;
import io.alexstore.testkit.RandomizedTest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Versions are found by the times of their commits, and gone over one by one. */
class VersionsTest {

  private static final int VERSIONS = 300;

  private final FaultInjectingFileStore store =
      new FaultInjectingFileStore(new CrashSimulatingFileStore(), FaultPlan.none());
  private long now = 1_000_000;
  private final TableLog log = new TableLog(store, "t", () -> now);

  /** Makes versions, at random times; gives these. */
  private List<Long> write(Random random) throws Exception {
    RandomLog commits = new RandomLog(random);
    List<Long> times = new ArrayList<>();
    Snapshot s = commits.write(log, 0);
    times.add(s.timestampMs());
    while (s.version() < VERSIONS) {
      // Sometimes the clock stands still, or goes back; the log's times do not.
      now += random.nextInt(5) == 0 ? -random.nextInt(50) : random.nextInt(100);
      s = log.publish(s, SnapshotEdit.append(List.of(commits.segment(0))));
      times.add(s.timestampMs());
    }
    return times;
  }

  private static Instant at(long ms) {
    return Instant.ofEpochMilli(ms);
  }

  @RandomizedTest
  void everyTimeHasTheVersionThatWasTheNewestThen(Random random) throws Exception {
    List<Long> times = write(random);
    Snapshot newest = log.load();
    for (int v = 0; v <= VERSIONS; v++) {
      assertThat(log.versionAt(newest, at(times.get(v)))).isEqualTo(v);
      assertThat(log.versionAt(newest, at(times.get(v)).plusNanos(999_999))).isEqualTo(v);
      if (v > 0) {
        assertThat(log.versionAt(newest, at(times.get(v) - 1)))
            .isEqualTo(times.get(v - 1) <= times.get(v) - 1 ? v - 1 : v);
      }
    }
    now = times.get(VERSIONS) + 100;
    assertThat(log.versionAt(newest, at(now))).isEqualTo(VERSIONS);
    long before = reads();
    assertThat(log.versionAt(newest, at(times.get(137)))).isEqualTo(137);
    assertThat(reads() - before).isLessThanOrEqualTo(10); // log2 of 300, and one for the oldest.
  }

  private long reads() {
    return store.operations().stream().filter(op -> op.kind() == Operation.Kind.READ).count();
  }

  @RandomizedTest
  void timesWithoutAVersionAreToldApart(Random random) throws Exception {
    List<Long> times = write(random);
    Snapshot newest = log.publish(log.load(), SnapshotEdit.expire(50));
    assertThat(log.versionAt(newest, at(times.get(50)))).isEqualTo(50);
    assertThatThrownBy(() -> log.versionAt(newest, at(times.get(50) - 1)))
        .isInstanceOf(TableNotFoundException.class)
        .hasMessageContaining("has expired")
        .hasMessageContaining("50 (of " + at(times.get(50)));
    assertThatThrownBy(() -> log.versionAt(newest, at(times.get(0) - 1)))
        .isInstanceOf(TableNotFoundException.class)
        .hasMessageContaining("not there yet")
        .hasMessageContaining(at(times.get(0)).toString());
    assertThatThrownBy(() -> log.versionAt(newest, Instant.MIN))
        .hasMessageContaining("not there yet");
    long latest = Math.max(now, newest.timestampMs());
    assertThatThrownBy(() -> log.versionAt(newest, at(latest + 1)))
        .isInstanceOf(TableNotFoundException.class)
        .hasMessageContaining("in the future");
    assertThatThrownBy(() -> log.versionAt(newest, Instant.MAX))
        .hasMessageContaining("in the future");
    // The clock of who reads may be behind that of who wrote.
    now = 0;
    assertThat(log.versionAt(newest, at(newest.timestampMs()))).isEqualTo(newest.version());
  }

  @RandomizedTest
  void goingOverVersionsGivesWhatLoadingThemGives(Random random) throws Exception {
    Snapshot newest = new RandomLog(random).write(log, VERSIONS);
    long from = newest.expiredBefore() + random.nextInt(20);
    List<Snapshot> seen = new ArrayList<>();
    log.forEachVersion(from, newest, seen::add);
    assertThat(seen).hasSize((int) (newest.version() - from + 1));
    for (Snapshot snapshot : seen) {
      if (random.nextInt(10) == 0 || snapshot.version() == newest.version()) {
        Snapshot loaded = log.load(snapshot.version());
        assertThat(snapshot.segments()).isEqualTo(loaded.segments());
        assertThat(snapshot.schema()).isEqualTo(loaded.schema());
        assertThat(snapshot.rows()).isEqualTo(loaded.rows());
        assertThat(snapshot.bytes()).isEqualTo(loaded.bytes());
      }
    }
  }

  @Test
  void theNewestAloneIsItself() throws Exception {
    Snapshot only = new RandomLog(new Random(1)).write(log, 0);
    List<Snapshot> seen = new ArrayList<>();
    log.forEachVersion(0, only, seen::add);
    assertThat(seen).containsExactly(only);
  }
}
