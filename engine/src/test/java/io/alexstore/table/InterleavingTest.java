package io.alexstore.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.commit.OnConflict;
import io.alexstore.commit.ProbeOutcome;
import io.alexstore.error.CommitConflictException;
import io.alexstore.error.DuplicateKeyException;
import io.alexstore.io.FileStore;
import io.alexstore.key.EncodedRange.OfLongs;
import io.alexstore.key.KeyForm;
import io.alexstore.key.KeyRanges;
import io.alexstore.log.Operation;
import io.alexstore.log.SegmentEntry;
import io.alexstore.segment.DeletionVector;
import io.alexstore.segment.Segment;
import io.alexstore.segment.SegmentInfo;
import io.alexstore.testkit.CrashSimulatingFileStore;
import io.alexstore.testkit.FaultInjectingFileStore;
import io.alexstore.testkit.FaultPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/**
 * All orders in which the steps of two transactions can follow each other, for every pair of kinds:
 * read, write, validate, publish. What comes of it is what one after the other would have made of
 * the table, where those that were refused did nothing.
 */
class InterleavingTest {

  private static final int STEPS = 4;
  private static final int ROWS = 20;

  /** A transaction on a map: the new map; null if it is refused. */
  private interface Model {
    SortedMap<Long, String> apply(SortedMap<Long, String> rows, String by, List<Long> keys);
  }

  private enum Kind {
    APPEND((rows, by, keys) -> put(rows, by, keys, OnConflict.ERROR)),
    UPSERT((rows, by, keys) -> put(rows, by, keys, OnConflict.UPDATE)),
    IGNORE((rows, by, keys) -> put(rows, by, keys, OnConflict.IGNORE)),
    UPDATE(Kind::update),
    DELETE_ROWS(Kind::delete),
    DELETE_KEYS(Kind::delete),
    OVERWRITE((rows, by, keys) -> Tables.expected(by, keys)),
    OVERWRITE_RANGE(
        (rows, by, keys) -> {
          SortedMap<Long, String> after = new TreeMap<>(rows);
          after.subMap(keys.get(0), keys.get(keys.size() - 1) + 1).clear();
          keys.forEach(key -> after.put(key, by));
          return after;
        });

    private final Model model;

    Kind(Model model) {
      this.model = model;
    }

    private static SortedMap<Long, String> put(
        SortedMap<Long, String> rows, String by, List<Long> keys, OnConflict onConflict) {
      SortedMap<Long, String> after = new TreeMap<>(rows);
      for (long key : keys) {
        if (after.containsKey(key) && onConflict == OnConflict.ERROR) {
          return null;
        }
        if (!after.containsKey(key) || onConflict == OnConflict.UPDATE) {
          after.put(key, by);
        }
      }
      return after;
    }

    /** Updates those of the keys that are there. */
    private static SortedMap<Long, String> update(
        SortedMap<Long, String> rows, String by, List<Long> keys) {
      SortedMap<Long, String> after = new TreeMap<>(rows);
      keys.forEach(key -> after.computeIfPresent(key, (k, old) -> by));
      return after;
    }

    private static SortedMap<Long, String> delete(
        SortedMap<Long, String> rows, String by, List<Long> keys) {
      SortedMap<Long, String> after = new TreeMap<>(rows);
      after.keySet().removeAll(keys);
      return after;
    }
  }

  /** A transaction in a thread of its own, which takes a step when it is told to. */
  private static final class Stepper {
    private final Semaphore go = new Semaphore(0);
    private final Semaphore stopped = new Semaphore(0);
    private final Thread thread;
    private final FileStore store;
    private boolean isAtPublish;
    private boolean isDone;
    private boolean wasRefused;
    private Throwable failure;

    Stepper(FileStore disk, Kind kind, String by, List<Long> keys) {
      this.store = new FaultInjectingFileStore(disk, this::beforeLink);
      this.thread =
          new Thread(
              () -> {
                go.acquireUninterruptibly();
                try {
                  run(kind, by, keys);
                } catch (CommitConflictException | DuplicateKeyException e) {
                  wasRefused = true;
                } catch (Throwable e) {
                  failure = e;
                }
                isDone = true;
                stopped.release();
              });
      thread.start();
    }

    /** The step before the first publication ends where the link to its name would be made. */
    private FaultPlan.Outcome beforeLink(io.alexstore.testkit.Operation operation) {
      if (operation.kind() == io.alexstore.testkit.Operation.Kind.LINK && !isAtPublish) {
        isAtPublish = true;
        pause();
      }
      return FaultPlan.PROCEED;
    }

    private void pause() {
      stopped.release();
      go.acquireUninterruptibly();
    }

    void step() {
      if (!isDone) {
        go.release();
        stopped.acquireUninterruptibly();
      }
    }

    private void run(Kind kind, String by, List<Long> keys) throws Exception {
      try (AlexTable table = AlexTable.open(store, "t")) {
        TableWrite write = begin(table, kind, keys);
        Map<UUID, DeletionVector> rows = new HashMap<>();
        List<Long> written = new ArrayList<>();
        switch (kind) {
          case UPDATE, DELETE_ROWS -> {
            rows = rows(table, keys, written);
            if (kind == Kind.DELETE_ROWS) {
              written.clear();
            }
          }
          case DELETE_KEYS -> {}
          default -> written.addAll(keys);
        }
        pause();
        List<SegmentInfo> segments = Tables.write(store, write, by, written);
        pause();
        try {
          write.commitTasks(List.of(new TaskOutput(segments, ProbeOutcome.NONE).deleting(rows)));
        } finally {
          write.abort(segments);
        }
      }
    }

    private static TableWrite begin(AlexTable table, Kind kind, List<Long> keys) {
      return switch (kind) {
        case APPEND -> table.beginAppend();
        case UPSERT -> table.beginAppend(OnConflict.UPDATE);
        case IGNORE -> table.beginAppend(OnConflict.IGNORE);
        case UPDATE -> table.beginRowChange(Operation.UPDATE, Optional.of(points(keys)));
        case DELETE_ROWS -> table.beginRowChange(Operation.DELETE, Optional.of(points(keys)));
        case DELETE_KEYS -> table.beginDelete(points(keys));
        case OVERWRITE -> table.beginOverwrite();
        case OVERWRITE_RANGE ->
            table.beginOverwrite(
                KeyRanges.of(
                    KeyForm.LONG, List.of(new OfLongs(keys.get(0), keys.get(keys.size() - 1)))));
      };
    }

    private static KeyRanges points(List<Long> keys) {
      return KeyRanges.of(KeyForm.LONG, keys.stream().map(key -> new OfLongs(key, key)).toList());
    }

    /** Finds rows as a scan does; {@code found} receives their keys. */
    private Map<UUID, DeletionVector> rows(AlexTable table, List<Long> keys, List<Long> found)
        throws Exception {
      Map<UUID, DeletionVector> rows = new HashMap<>();
      for (SegmentEntry entry : table.snapshot().segments()) {
        DeletionVector deleted = entry.deletions().read(store, "t", entry);
        DeletionVector.Builder positions = new DeletionVector.Builder();
        try (Segment segment = Segment.open(store, entry.pathIn("t"))) {
          for (long key : keys) {
            int position = segment.find(key);
            if (position >= 0 && !deleted.contains(position)) {
              positions.add(position);
              found.add(key);
            }
          }
        }
        rows.put(entry.id(), positions.build());
      }
      return rows;
    }
  }

  /** Runs two transactions, of which in each step the one named by a bit goes on. */
  private static String run(Kind a, List<Long> keysA, Kind b, List<Long> keysB, int order)
      throws Exception {
    var disk = new CrashSimulatingFileStore();
    SortedMap<Long, String> before = Tables.expected("old", Tables.keys(0, ROWS));
    try (AlexTable table = Tables.create(disk, "t")) {
      Tables.append(table, "old", Tables.keys(0, ROWS / 2));
      Tables.append(table, "old", Tables.keys(ROWS / 2, ROWS));
    }
    Stepper first = new Stepper(disk, a, "a", keysA);
    Stepper second = new Stepper(disk, b, "b", keysB);
    for (int step = 0; step < 2 * STEPS; step++) {
      ((order >>> step & 1) == 0 ? first : second).step();
    }
    // Who lost a race has more steps to go.
    while (!first.isDone || !second.isDone) {
      first.step();
      second.step();
    }
    first.thread.join();
    second.thread.join();
    String what = a + keysA.toString() + " and " + b + keysB + " in order " + order(order);
    assertThat(first.failure).as(what).isNull();
    assertThat(second.failure).as(what).isNull();

    SortedMap<Long, String> after = Tables.rows(disk, "t");
    SortedMap<Long, String> onlyA = a.model.apply(before, "a", keysA);
    SortedMap<Long, String> onlyB = b.model.apply(before, "b", keysB);
    List<SortedMap<Long, String>> allowed = new ArrayList<>();
    if (first.wasRefused && second.wasRefused) {
      allowed.add(before);
    } else if (second.wasRefused) {
      allowed.add(onlyA);
    } else if (first.wasRefused) {
      allowed.add(onlyB);
    } else {
      allowed.add(onlyA == null ? null : b.model.apply(onlyA, "b", keysB));
      allowed.add(onlyB == null ? null : a.model.apply(onlyB, "a", keysA));
    }
    assertThat(after)
        .as(what + ", refused: " + first.wasRefused + ", " + second.wasRefused)
        .isIn(allowed);
    try (AlexTable table = AlexTable.open(disk, "t")) {
      assertThat(table.listOrphans()).as(what).isEmpty();
    }
    return (first.wasRefused ? "refused " : "") + (second.wasRefused ? "refused" : "");
  }

  private static String order(int order) {
    StringBuilder text = new StringBuilder();
    for (int step = 0; step < 2 * STEPS; step++) {
      text.append((order >>> step & 1) == 0 ? 'a' : 'b');
    }
    return text.toString();
  }

  private static List<Integer> orders() {
    List<Integer> orders = new ArrayList<>();
    for (int order = 0; order < 1 << (2 * STEPS); order++) {
      if (Integer.bitCount(order) == STEPS) {
        orders.add(order);
      }
    }
    return orders;
  }

  @Test
  void whateverMeetsIsAsIfOneCameAfterTheOther() throws Exception {
    assertThat(orders()).hasSize(70);
    int runs = 0;
    for (Kind a : Kind.values()) {
      for (Kind b : Kind.values()) {
        for (int order : orders()) {
          // Both have keys that are there and keys that are not, and have some in common.
          run(a, List.of(15L, 18L, 22L, 25L), b, List.of(17L, 18L, 25L, 28L), order);
          runs++;
        }
      }
    }
    assertThat(runs).isEqualTo(70 * Kind.values().length * Kind.values().length);
  }

  /** Rows of one segment, but not the same: all but an overwrite of the whole table go together. */
  @Test
  void whatDoesNotMeetIsNotRefused() throws Exception {
    for (Kind a : Kind.values()) {
      for (Kind b : Kind.values()) {
        for (int order : orders()) {
          List<Long> keysA = a == Kind.APPEND ? List.of(31L, 33L) : List.of(11L, 12L);
          List<Long> keysB = b == Kind.APPEND ? List.of(35L, 37L) : List.of(16L, 17L);
          String refused = run(a, keysA, b, keysB, order);
          if (a != Kind.OVERWRITE && b != Kind.OVERWRITE) {
            assertThat(refused).as(a + " and " + b + " in order " + order(order)).isEmpty();
          }
        }
      }
    }
  }
}
