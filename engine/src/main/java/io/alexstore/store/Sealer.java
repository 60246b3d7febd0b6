package io.alexstore.store;

import io.alexstore.alex.AlexBytesCursor;
import io.alexstore.alex.AlexLongCursor;
import io.alexstore.commit.Change;
import io.alexstore.commit.DeletionVectors;
import io.alexstore.commit.OnConflict;
import io.alexstore.commit.ProbeOutcome;
import io.alexstore.commit.Transaction;
import io.alexstore.error.AlexStoreException;
import io.alexstore.error.CommitStateUnknownException;
import io.alexstore.io.FilePaths;
import io.alexstore.key.KeyForm;
import io.alexstore.log.CommitSource;
import io.alexstore.log.LogFormat;
import io.alexstore.log.Operation;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.segment.DeletionVector;
import io.alexstore.segment.RollingSegmentWriter;
import io.alexstore.segment.Segment;
import io.alexstore.segment.SegmentInfo;
import io.alexstore.segment.SegmentOptions;
import io.alexstore.table.TableWrite;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Writes a memtable as sorted segments and commits them, by one commit with the older versions of
 * its keys marked as deleted. The commit carries the sequence of the memtable's last record, so
 * that the same records are not sealed twice, whenever the process dies. Not thread-safe.
 */
final class Sealer {

  /** The name under which commits are counted; a table has one store at most. */
  static final String WRITER_ID = "alexstore-store";

  private final StoreTable table;
  private final SegmentOptions options;
  private final DeletionVectors vectors;

  Sealer(StoreTable table, SegmentOptions options, DeletionVectors vectors) {
    this.table = table;
    this.options = options;
    this.vectors = vectors;
  }

  /** The sequence up to which a version has the records of the store's log. */
  static long sealedSequence(Snapshot snapshot) {
    return snapshot.lastSequence(WRITER_ID).orElse(0);
  }

  /**
   * Seals.
   *
   * @param memtable which nobody writes any more
   * @param base the newest segments
   * @param progress is run now and then
   * @return the segments that have its records
   * @throws IOException if it may be tried again
   */
  StoreSegments seal(Memtable memtable, StoreSegments base, Runnable progress) throws IOException {
    Snapshot on = base.snapshot();
    List<SegmentEntry> added = new ArrayList<>();
    Map<UUID, DeletionVector.Builder> deleted = new HashMap<>();
    try (RollingSegmentWriter writer =
        new RollingSegmentWriter(
            table.files(),
            FilePaths.resolve(table.path(), LogFormat.DATA_DIRECTORY),
            on.tableId(),
            on.schema(),
            options)) {
      new Rows(memtable, base, writer, deleted, progress).write();
      for (SegmentInfo info : writer.finish()) {
        added.add(
            new SegmentEntry(
                info.segmentId(),
                LogFormat.DATA_DIRECTORY + "/" + FilePaths.name(info.path()),
                on.schema().id(),
                info.rowCount(),
                info.fileSize(),
                info.minKey(),
                info.maxKey(),
                0));
      }
    }
    Map<UUID, DeletionVector> gone = new HashMap<>();
    deleted.forEach((id, rows) -> gone.put(id, rows.build()));
    Change change =
        Change.of(Operation.UPSERT, added, OnConflict.UPDATE)
            .deleting(gone)
            .from(Optional.of(new CommitSource(WRITER_ID, memtable.lastSequence())));
    return commit(change, base);
  }

  private StoreSegments commit(Change change, StoreSegments base) throws IOException {
    Map<UUID, Segment> opened = new HashMap<>();
    Transaction transaction =
        new Transaction(
            table.files(),
            table.log(),
            base.snapshot(),
            base.opener(table.files(), opened),
            vectors,
            TableWrite.DEFAULT_COMMIT_RETRIES);
    Snapshot made;
    try {
      // Nobody else writes, and the keys were looked up here: no segment has one of them but in
      // rows that are deleted now.
      made = transaction.commit(change, new ProbeOutcome(base.snapshot().version(), Set.of()));
    } catch (CommitStateUnknownException e) {
      opened.values().forEach(Segment::close);
      throw e; // A version may name the segments.
    } catch (IOException | AlexStoreException e) {
      opened.values().forEach(Segment::close);
      discard(change.added());
      throw e;
    }
    // An earlier attempt may have been committed, of which this one did not know.
    discard(change.added().stream().filter(s -> !made.contains(s.id())).toList());
    return base.goTo(table.files(), made, table.form(), vectors, opened);
  }

  private void discard(List<SegmentEntry> segments) {
    for (SegmentEntry segment : segments) {
      try {
        table.files().delete(segment.pathIn(table.path()));
      } catch (IOException e) {
        // No version names it, so nobody reads it; it is an orphan.
      }
    }
  }

  /** A memtable's newest records: rows to a writer, deletions to the rows that they hit. */
  private static final class Rows {

    private static final int BATCH = 64;

    private final Memtable memtable;
    private final StoreSegments base;
    private final RollingSegmentWriter writer;
    private final Map<UUID, DeletionVector.Builder> deleted;
    private final Runnable progress;
    private final StoreRow row = new StoreRow();
    private final long[] longKeys = new long[BATCH];
    private final byte[][] keys = new byte[BATCH][];
    private final long[] positions = new long[BATCH];
    private int count;

    /** Keeps loads that are not needed from being optimized away. */
    @SuppressWarnings("UnusedVariable")
    private long touched;

    Rows(
        Memtable memtable,
        StoreSegments base,
        RollingSegmentWriter writer,
        Map<UUID, DeletionVector.Builder> deleted,
        Runnable progress) {
      this.memtable = memtable;
      this.base = base;
      this.writer = writer;
      this.deleted = deleted;
      this.progress = progress;
    }

    void write() throws IOException {
      if (memtable.form() == KeyForm.LONG) {
        AlexLongCursor cursor = memtable.longCursor(Long.MIN_VALUE);
        while (cursor.next()) {
          longKeys[count] = cursor.key();
          add(cursor.value());
        }
      } else {
        AlexBytesCursor cursor = memtable.bytesCursor(new byte[0]);
        while (cursor.next()) {
          keys[count] = cursor.key();
          add(cursor.value());
        }
      }
      writeBatch();
    }

    private void add(long position) throws IOException {
      positions[count++] = position;
      if (count == BATCH) {
        writeBatch();
      }
    }

    private void writeBatch() throws IOException {
      long sum = 0;
      for (int i = 0; i < count; i++) {
        // In the order of the keys the records stand here and there: sends for all of them.
        sum += memtable.touch(positions[i]);
      }
      touched = sum;
      for (int i = 0; i < count; i++) {
        if (memtable.form() == KeyForm.LONG) {
          row.setKey(longKeys[i]);
        } else {
          row.setKey(keys[i]);
        }
        write(positions[i]);
      }
      count = 0;
      progress.run();
    }

    private void write(long position) throws IOException {
      LogChunk chunk = memtable.chunk(position);
      int at = WalFormat.offsetOf(position);
      replace();
      if (chunk.kind(at) != WalFormat.DELETE) {
        row.setValue(chunk.value(at));
        writer.append(row);
      }
    }

    /** Deletes the row that the key has by now. */
    private void replace() {
      boolean isLong = memtable.form() == KeyForm.LONG;
      long hash = isLong ? KeyFilter.hash(row.getLong(0)) : KeyFilter.hash(row.key());
      for (int i = 0; i < base.levelCount(); i++) {
        SegmentLevel level = base.level(i);
        long found = isLong ? level.find(row.getLong(0), hash) : level.find(row.key(), hash);
        if (found >= 0) {
          UUID segment = level.segment((int) (found >>> 32)).segmentId();
          deleted.computeIfAbsent(segment, id -> new DeletionVector.Builder()).add((int) found);
          return; // A key stands in one place.
        }
      }
    }
  }
}
