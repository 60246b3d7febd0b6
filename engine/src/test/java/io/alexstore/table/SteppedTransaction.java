package io.alexstore.table;

import io.alexstore.commit.OnConflict;
import io.alexstore.commit.ProbeOutcome;
import io.alexstore.error.CommitConflictException;
import io.alexstore.error.DuplicateKeyException;
import io.alexstore.io.FileStore;
import io.alexstore.key.EncodedRange;
import io.alexstore.key.KeyRange;
import io.alexstore.key.KeyRanges;
import io.alexstore.log.LogFormat;
import io.alexstore.log.Operation;
import io.alexstore.log.SegmentEntry;
import io.alexstore.maintain.Compaction;
import io.alexstore.row.ArrayRow;
import io.alexstore.segment.DeletionVector;
import io.alexstore.segment.RollingSegmentWriter;
import io.alexstore.segment.Segment;
import io.alexstore.segment.SegmentInfo;
import io.alexstore.testkit.FaultInjectingFileStore;
import io.alexstore.testkit.FaultPlan;
import io.alexstore.testkit.Operation.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/**
 * A transaction in a thread of its own, which takes a step when it is told to: read, write,
 * validate, publish. Who loses a race has more to do, in further steps.
 */
final class SteppedTransaction {

  static final String PATH = "t";

  private final Semaphore go = new Semaphore(0);
  private final Semaphore stopped = new Semaphore(0);
  private final Thread thread;
  private final FileStore store;
  private final TransactionKind kind;

  /** The steps that it has taken. */
  private int steps;

  private boolean isDone;
  private boolean wasRefused;
  private Throwable failure;

  SteppedTransaction(FileStore disk, TransactionKind kind, String by, List<Long> keys) {
    this.store = new FaultInjectingFileStore(disk, this::before);
    this.kind = kind;
    this.thread =
        new Thread(
            () -> {
              go.acquireUninterruptibly();
              try {
                run(by, keys);
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

  /** Takes a step, if there is one left. */
  void step() {
    if (!isDone) {
      go.release();
      stopped.acquireUninterruptibly();
    }
  }

  boolean isDone() {
    return isDone;
  }

  /** Whether it was refused, which is no failure. */
  boolean wasRefused() {
    return wasRefused;
  }

  /** What it failed with; null if it did not. Waits for its end. */
  Throwable failure() throws InterruptedException {
    thread.join();
    return failure;
  }

  private void pause() {
    steps++;
    stopped.release();
    go.acquireUninterruptibly();
  }

  /**
   * Steps end where a file operation begins that is of the next one. Those of a compaction, which
   * runs as a whole, are told by that alone.
   */
  private FaultPlan.Outcome before(io.alexstore.testkit.Operation operation) {
    boolean ends =
        switch (steps) {
          case 0 -> kind == TransactionKind.COMPACT && operation.kind() == Kind.CREATE;
          case 1 -> kind == TransactionKind.COMPACT && isInLog(operation);
          case 2 -> operation.kind() == Kind.LINK;
          default -> false;
        };
    if (ends) {
      pause();
    }
    return FaultPlan.PROCEED;
  }

  private static boolean isInLog(io.alexstore.testkit.Operation operation) {
    return operation.path().contains(LogFormat.LOG_DIRECTORY);
  }

  private void run(String by, List<Long> keys) throws Exception {
    if (kind == TransactionKind.COMPACT) {
      Compaction.of(store, PATH).options(Tables.SMALL).all().run();
      return;
    }
    try (AlexTable table = AlexTable.open(store, PATH)) {
      TableWrite write = begin(table, keys);
      Map<UUID, DeletionVector> rows = Map.of();
      List<Long> written = new ArrayList<>();
      switch (kind) {
        case UPDATE -> rows = rows(table, keys, written);
        case DELETE_ROWS -> rows = rows(table, keys, new ArrayList<>());
        case DELETE_KEYS -> {}
        default -> written.addAll(keys);
      }
      pause();
      List<SegmentInfo> segments = write(write, by, written);
      pause();
      try {
        write.commitTasks(List.of(new TaskOutput(segments, ProbeOutcome.NONE).deleting(rows)));
      } finally {
        write.abort(segments);
      }
    }
  }

  private TableWrite begin(AlexTable table, List<Long> keys) {
    KeyRanges points = table.keyCodec().ranges(keys.stream().map(KeyRange::of).toList());
    KeyRange span = KeyRange.between(keys.get(0), keys.get(keys.size() - 1));
    return switch (kind) {
      case APPEND -> table.beginAppend();
      case UPSERT -> table.beginAppend(OnConflict.UPDATE);
      case IGNORE -> table.beginAppend(OnConflict.IGNORE);
      case UPDATE -> table.beginRowChange(Operation.UPDATE, Optional.of(points));
      case DELETE_ROWS -> table.beginRowChange(Operation.DELETE, Optional.of(points));
      case DELETE_KEYS -> table.beginDelete(points);
      case OVERWRITE -> table.beginOverwrite();
      case OVERWRITE_RANGE -> table.beginOverwrite(table.keyCodec().ranges(span));
      case COMPACT -> throw new IllegalStateException("A compaction begins its write itself");
    };
  }

  private List<SegmentInfo> write(TableWrite write, String by, List<Long> keys) throws Exception {
    try (RollingSegmentWriter writer = write.target().openWriter(store, Tables.SMALL)) {
      for (long key : keys.stream().sorted().toList()) {
        writer.append(ArrayRow.of(write.schema(), key, by));
      }
      return writer.finish();
    }
  }

  /** Finds rows as a scan does; {@code found} receives the key of each. */
  private Map<UUID, DeletionVector> rows(AlexTable table, List<Long> keys, List<Long> found)
      throws Exception {
    Map<UUID, DeletionVector> rows = new HashMap<>();
    for (SegmentEntry entry : table.snapshot().segments()) {
      DeletionVector deleted = entry.deletions().read(store, PATH, entry);
      DeletionVector.Builder positions = new DeletionVector.Builder();
      try (Segment segment = Segment.open(store, entry.pathIn(PATH))) {
        for (long key : keys) {
          EncodedRange point = table.keyCodec().ranges(KeyRange.of(key)).list().get(0);
          for (int row = segment.from(point); row < segment.to(point); row++) {
            if (!deleted.contains(row)) {
              positions.add(row);
              found.add(key);
            }
          }
        }
      }
      rows.put(entry.id(), positions.build());
    }
    return rows;
  }
}
