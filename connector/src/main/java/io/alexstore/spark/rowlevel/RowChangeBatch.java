package io.alexstore.spark.rowlevel;

import io.alexstore.error.RowChangedTwiceException;
import io.alexstore.segment.DeletionVector;
import io.alexstore.spark.conf.TableStorage;
import io.alexstore.spark.write.AutoCompaction;
import io.alexstore.table.TableWrite;
import io.alexstore.table.TaskOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.spark.sql.connector.write.DeltaBatchWrite;
import org.apache.spark.sql.connector.write.DeltaWriterFactory;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.WriterCommitMessage;

/** One UPDATE, DELETE or MERGE: what its tasks did becomes one version, or nothing does. */
final class RowChangeBatch implements DeltaBatchWrite {

  /** Begins the write of the engine. */
  @FunctionalInterface
  interface Start {
    TableWrite begin() throws IOException;
  }

  private final TableStorage storage;
  private final String table;
  private final Start start;
  private final long targetSegmentSize;
  private TableWrite write;

  RowChangeBatch(TableStorage storage, Start start, long targetSegmentSize) {
    this.storage = storage;
    this.table = storage.table();
    this.start = start;
    this.targetSegmentSize = targetSegmentSize;
  }

  @Override
  public DeltaWriterFactory createBatchWriterFactory(PhysicalWriteInfo info) {
    try {
      write = start.begin();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot begin to change " + table, e);
    }
    return new RowChangeWriterFactory(storage, write.target(), targetSegmentSize);
  }

  @Override
  public void commit(WriterCommitMessage[] messages) {
    List<RowChangeMessage> tasks = tasks(messages);
    List<TaskOutput> outputs = new ArrayList<>(outputs(tasks));
    Map<UUID, DeletionVector> gone = unite(tasks);
    if (!gone.isEmpty()) {
      // The engine takes a row that two tasks delete for one that is changed twice.
      outputs.set(0, outputs.get(0).deleting(gone));
    }
    try {
      AutoCompaction.after(storage, write.commitTasks(outputs));
    } catch (IOException e) {
      throw new UncheckedIOException("Nothing was changed in " + table, e);
    }
  }

  /** The rows that go, of all tasks; none may be updated, and updated or deleted again. */
  private Map<UUID, DeletionVector> unite(List<RowChangeMessage> tasks) {
    Map<UUID, DeletionVector> gone = new HashMap<>();
    for (RowChangeMessage task : tasks) {
      task.deleted().forEach((segment, rows) -> gone.merge(segment, rows, DeletionVector::union));
    }
    for (RowChangeMessage task : tasks) {
      task.updated()
          .forEach(
              (segment, rows) -> {
                DeletionVector before = gone.getOrDefault(segment, DeletionVector.NONE);
                if (rows.intersects(before)) {
                  throw new RowChangedTwiceException(
                      table, segment.toString(), rows.firstCommon(before));
                }
                gone.put(segment, before.union(rows));
              });
    }
    return gone;
  }

  private static List<RowChangeMessage> tasks(WriterCommitMessage... messages) {
    // Those of tasks that did not get so far are null.
    return Arrays.stream(messages)
        .filter(RowChangeMessage.class::isInstance)
        .map(RowChangeMessage.class::cast)
        .toList();
  }

  private static List<TaskOutput> outputs(List<RowChangeMessage> tasks) {
    return tasks.stream().map(RowChangeMessage::output).toList();
  }

  @Override
  public void abort(WriterCommitMessage[] messages) {
    if (write != null) {
      write.abort(TaskOutput.segments(outputs(tasks(messages))));
    }
  }

  @Override
  public String toString() {
    return "alexstore " + table;
  }
}
