package io.alexstore.maintain;

import io.alexstore.commit.Change;
import io.alexstore.commit.DeletionVectors;
import io.alexstore.commit.OnConflict;
import io.alexstore.commit.ProbeOutcome;
import io.alexstore.commit.Transaction;
import io.alexstore.error.AlexStoreException;
import io.alexstore.error.CommitConflictException;
import io.alexstore.error.CommitStateUnknownException;
import io.alexstore.io.FilePaths;
import io.alexstore.io.FileStore;
import io.alexstore.io.FileStores;
import io.alexstore.key.KeyRange;
import io.alexstore.log.LogFormat;
import io.alexstore.log.Operation;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.log.TableLog;
import io.alexstore.schema.Schema;
import io.alexstore.segment.RollingSegmentWriter;
import io.alexstore.segment.SegmentInfo;
import io.alexstore.segment.SegmentOptions;
import io.alexstore.table.AlexTable;
import io.alexstore.table.TableWrite;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Writes small segments, and those of which much is deleted, anew: their rows that are left, merged
 * in the order of their keys, into segments of the size that is aimed at. The rows stay the same.
 * They are written with the schema that the table has now: values of columns that were dropped are
 * gone from the new segments, and defaults of those that were added stand in them.
 *
 * <pre>{@code
 * Compaction.Result result = Compaction.of("/data/orders").run();
 * }</pre>
 *
 * <p>It goes on beside readers, who keep their version, and writers, whose commits it does not fail
 * in a table with a primary key: rows that they delete meanwhile are looked up in the new segments,
 * and theirs look up where their rows went. What does not go together with it (another compaction
 * of the same segments, a rollback, in a table with a sort key a deletion in them) makes it begin
 * again with that group of segments, a bounded number of times. Each group of segments is a commit
 * of its own; what was committed stays if a later group fails.
 *
 * <p>The files of the old segments stay until {@link SnapshotExpiry} gives up the versions that
 * name them.
 *
 * <p>Memory use does not grow with the number of rows. Not thread-safe; to be run once.
 */
public final class Compaction {

  /** What {@link #minDeletedShare} is if nothing is said. */
  public static final double DEFAULT_MIN_DELETED_SHARE = 0.2;

  /** What {@link #maxAttempts} is if nothing is said. */
  public static final int DEFAULT_MAX_ATTEMPTS = 5;

  private static final int PROGRESS_ROWS = 1024;

  private final FileStore store;
  private final String path;
  private SegmentOptions options = SegmentOptions.defaults();
  private double minDeletedShare = DEFAULT_MIN_DELETED_SHARE;
  private int maxAttempts = DEFAULT_MAX_ATTEMPTS;
  private KeyRange range = KeyRange.all();
  private boolean all;
  private Optional<CompactionPlan.Bounds> bounds = Optional.empty();
  private Optional<Snapshot> known = Optional.empty();
  private Optional<Set<UUID>> chosen = Optional.empty();
  private Optional<String> committer = Optional.empty();
  private Runnable onProgress = () -> {};

  private Compaction(FileStore store, String path) {
    this.store = store;
    this.path = path;
  }

  /** A compaction of the table at a path. */
  public static Compaction of(String path) {
    return of(FileStores.forPath(path), path);
  }

  /** A compaction of a table in a given store. */
  public static Compaction of(FileStore store, String path) {
    return new Compaction(store, path);
  }

  /**
   * How segments are written. Those that have less than half of its {@link
   * SegmentOptions#targetSegmentSize} are small.
   */
  public Compaction options(SegmentOptions newOptions) {
    options = newOptions;
    return this;
  }

  /** At how many encoded bytes a new segment is begun; see {@link #options}. */
  public Compaction targetSegmentSize(long bytes) {
    return options(options.withTargetSegmentSize(bytes));
  }

  /**
   * From which share of deleted rows on a segment is written anew, whatever its size.
   *
   * @param share above 0; above 1 for never
   */
  public Compaction minDeletedShare(double share) {
    if (!(share > 0)) {
      throw new IllegalArgumentException("minDeletedShare must be above 0, not " + share);
    }
    minDeletedShare = share;
    return this;
  }

  /** Looks only at segments that may have keys in a range. They are written anew whole. */
  public Compaction range(KeyRange keys) {
    range = keys;
    return this;
  }

  /**
   * Writes all segments (in the range) anew, but one that stands alone, has no deleted rows and was
   * written with the table's schema: so that their ranges of keys do not overlap afterwards, and
   * nothing is left of columns that were dropped.
   */
  public Compaction all() {
    all = true;
    return this;
  }

  /** A version of the table that is known already, which saves reading its log from the start. */
  public Compaction from(Snapshot snapshot) {
    known = Optional.of(snapshot);
    return this;
  }

  /**
   * Merges just some segments, whatever their sizes: all of them by one commit.
   *
   * @param segments those that the table does not have any more are passed over
   */
  public Compaction segments(Set<UUID> segments) {
    chosen = Optional.of(Set.copyOf(segments));
    return this;
  }

  /** Commits in the name of the embedded store that owns the table. */
  public Compaction committer(String owner) {
    committer = Optional.of(owner);
    return this;
  }

  /**
   * Runs something now and then while rows are written, on the thread of {@link #run}: every
   * {@value #PROGRESS_ROWS} rows. What it throws ends the compaction, which then has changed
   * nothing.
   */
  public Compaction onProgress(Runnable progress) {
    onProgress = progress;
    return this;
  }

  /**
   * Does little, and only if there is enough to gain: one commit that merges segments far below a
   * number of bytes, where at least some stand side by side.
   *
   * @param minSegments fewer are left alone; at least 2
   * @param maxBytes about how much is written at most; segments of a fourth of it are left alone
   */
  public Compaction bounded(int minSegments, long maxBytes) {
    if (minSegments < 2 || maxBytes < 1) {
      throw new IllegalArgumentException(
          "minSegments must be at least 2 and maxBytes at least 1, not "
              + minSegments
              + " and "
              + maxBytes);
    }
    bounds = Optional.of(new CompactionPlan.Bounds(minSegments, maxBytes));
    return this;
  }

  /**
   * How often a group of segments is tried when other commits do not go together with it.
   *
   * @param attempts at least 1
   */
  public Compaction maxAttempts(int attempts) {
    if (attempts < 1) {
      throw new IllegalArgumentException("maxAttempts must be at least 1, not " + attempts);
    }
    maxAttempts = attempts;
    return this;
  }

  /**
   * What a compaction came to.
   *
   * @param snapshot the version after it
   * @param commits how many commits it made; 0 if there was nothing to do
   * @param removedSegments how many segments were written anew
   * @param addedSegments how many segments that made
   * @param rows how many rows were written
   * @param bytes how many bytes they take
   */
  public record Result(
      Snapshot snapshot,
      int commits,
      int removedSegments,
      int addedSegments,
      long rows,
      long bytes) {

    Result and(Snapshot newest, int removed, List<SegmentEntry> added) {
      return new Result(
          newest,
          commits + 1,
          removedSegments + removed,
          addedSegments + added.size(),
          rows + added.stream().mapToLong(SegmentEntry::rows).sum(),
          bytes + added.stream().mapToLong(SegmentEntry::bytes).sum());
    }
  }

  /**
   * Compacts.
   *
   * @throws io.alexstore.error.TableNotFoundException if there is no table
   * @throws CommitConflictException if other commits got in the way too often
   * @throws CommitStateUnknownException if a commit may or may not have happened
   */
  public Result run() throws IOException {
    try (AlexTable table =
        known.isPresent() ? AlexTable.open(store, known.get()) : AlexTable.open(store, path)) {
      CompactionPlan plan =
          new CompactionPlan(options.targetSegmentSize(), minDeletedShare, all, bounds);
      Result result = new Result(table.snapshot(), 0, 0, 0, 0, 0);
      if (chosen.isPresent()) {
        return compactChosen(table, chosen.get(), result);
      }
      for (List<UUID> group : plan.of(table.snapshot(), range)) {
        result = compact(table, plan, group, result);
      }
      return result;
    }
  }

  private Result compactChosen(AlexTable table, Set<UUID> segments, Result before)
      throws IOException {
    List<SegmentEntry> inputs =
        segments.stream().map(table.snapshot()::segment).flatMap(Optional::stream).toList();
    return inputs.isEmpty() ? before : compact(table, inputs, before);
  }

  private Result compact(AlexTable table, CompactionPlan plan, List<UUID> group, Result before)
      throws IOException {
    for (int attempt = 1; ; attempt++) {
      table.refresh();
      Snapshot base = table.snapshot();
      List<SegmentEntry> inputs =
          group.stream().map(base::segment).flatMap(Optional::stream).toList();
      if (!plan.isWorthwhile(inputs, base.schema())) {
        return before; // Others did it, or replaced the rows.
      }
      try {
        return compact(table, inputs, before);
      } catch (CommitConflictException e) {
        if (attempt >= maxAttempts) {
          throw e;
        }
      }
    }
  }

  private Result compact(AlexTable table, List<SegmentEntry> inputs, Result before)
      throws IOException {
    Snapshot base = table.snapshot();
    DeletionVectors vectors = new DeletionVectors(store, path);
    List<SegmentEntry> outputs = write(table, base, inputs, vectors);
    HashSet<UUID> removed = new HashSet<>();
    inputs.forEach(s -> removed.add(s.id()));
    Change change =
        Change.of(Operation.COMPACT, outputs, OnConflict.ERROR).removing(removed).rewriting();
    TableLog log = new TableLog(store, path, committer);
    Transaction transaction =
        new Transaction(
            store, log, base, table::segment, vectors, TableWrite.DEFAULT_COMMIT_RETRIES);
    Snapshot made;
    try {
      made = transaction.commit(change, ProbeOutcome.NONE);
    } catch (CommitStateUnknownException e) {
      throw e; // A version may name the files.
    } catch (IOException | AlexStoreException e) {
      discard(outputs);
      throw e;
    }
    // Of what was rewritten all may be deleted by now; then no version names it.
    discard(outputs.stream().filter(s -> !made.contains(s.id())).toList());
    List<SegmentEntry> added = outputs.stream().filter(s -> made.contains(s.id())).toList();
    return before.and(made, inputs.size(), added);
  }

  private List<SegmentEntry> write(
      AlexTable table, Snapshot base, List<SegmentEntry> inputs, DeletionVectors vectors)
      throws IOException {
    Schema schema = base.schema();
    List<LiveHead> heads = new ArrayList<>();
    for (SegmentEntry input : inputs) {
      heads.add(new LiveHead(input, table.segment(input).as(schema), vectors.of(input)));
    }
    String directory = FilePaths.resolve(path, LogFormat.DATA_DIRECTORY);
    List<SegmentEntry> outputs = new ArrayList<>();
    try (RollingSegmentWriter writer =
        new RollingSegmentWriter(store, directory, base.tableId(), schema, options)) {
      int[] rows = {0};
      LiveMerge.merge(
          heads,
          row -> {
            writer.append(row);
            if (++rows[0] % PROGRESS_ROWS == 0) {
              onProgress.run();
            }
          });
      for (SegmentInfo info : writer.finish()) {
        outputs.add(
            new SegmentEntry(
                info.segmentId(),
                LogFormat.DATA_DIRECTORY + "/" + FilePaths.name(info.path()),
                schema.id(),
                info.rowCount(),
                info.fileSize(),
                info.minKey(),
                info.maxKey(),
                0));
      }
    }
    return outputs;
  }

  private void discard(List<SegmentEntry> segments) {
    for (SegmentEntry segment : segments) {
      try {
        store.delete(segment.pathIn(path));
      } catch (IOException e) {
        // No version names it, so nobody reads it; it is an orphan.
      }
    }
  }
}
