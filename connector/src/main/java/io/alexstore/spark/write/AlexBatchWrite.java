package io.alexstore.spark.write;

import io.alexstore.spark.conf.TableStorage;
import io.alexstore.table.TableWrite;
import io.alexstore.table.TaskOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.WriterCommitMessage;

/** One write job: what its tasks wrote becomes one version of the table, or nothing does. */
final class AlexBatchWrite implements BatchWrite {

  private final TableStorage storage;
  private final String table;
  private final WriteStart start;
  private final WriteMode mode;
  private final Conflicts conflicts;
  private final long targetSegmentSize;
  private TableWrite write;

  AlexBatchWrite(
      TableStorage storage,
      WriteStart start,
      WriteMode mode,
      Conflicts conflicts,
      long targetSegmentSize) {
    this.storage = storage;
    this.table = storage.table();
    this.start = start;
    this.mode = mode;
    this.conflicts = conflicts;
    this.targetSegmentSize = targetSegmentSize;
  }

  @Override
  public DataWriterFactory createBatchWriterFactory(PhysicalWriteInfo info) {
    // Begun here, not while planning: an explain must leave no trace.
    try {
      write = start.begin(mode);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot begin to write to " + table, e);
    }
    return new AlexDataWriterFactory(storage, write.target(), conflicts, targetSegmentSize);
  }

  @Override
  public void commit(WriterCommitMessage[] messages) {
    try {
      AutoCompaction.after(storage, write.commitTasks(TaskMessage.outputs(messages)));
    } catch (IOException e) {
      throw new UncheckedIOException("Nothing was written to " + table, e);
    }
  }

  @Override
  public void abort(WriterCommitMessage[] messages) {
    if (write != null) {
      write.abort(TaskOutput.segments(TaskMessage.outputs(messages)));
    }
  }

  @Override
  public String toString() {
    return "alexstore " + table;
  }
}
