package io.alexstore.spark.write;

import io.alexstore.spark.convert.SparkValues;
import io.alexstore.table.TaskWriter;
import java.io.IOException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.WriterCommitMessage;

/**
 * Writes the rows of one task attempt, which come in the order of their keys. Each attempt writes
 * files of its own, with names that nobody else uses, so attempts do not meet.
 */
final class AlexDataWriter implements DataWriter<InternalRow> {

  private final TaskWriter writer;
  private final SparkValues values;
  // Null if every row is written.
  private final LastOfKey lastOfKey;
  private long rows;

  AlexDataWriter(TaskWriter writer, SparkValues values, LastOfKey lastOfKey) {
    this.writer = writer;
    this.values = values;
    this.lastOfKey = lastOfKey;
  }

  @Override
  public void write(InternalRow row) throws IOException {
    InternalRow ready = lastOfKey == null ? row : lastOfKey.next(row, values.reset(row));
    if (ready != null) {
      append(ready);
    }
  }

  private void append(InternalRow row) throws IOException {
    writer.append(values.reset(row));
    rows++;
  }

  @Override
  public CustomTaskMetric[] currentMetricsValues() {
    return WriteMetrics.of(rows, writer);
  }

  @Override
  public WriterCommitMessage commit() throws IOException {
    if (lastOfKey != null && lastOfKey.last() != null) {
      append(lastOfKey.last());
    }
    return new TaskMessage(writer.finish());
  }

  @Override
  public void abort() {
    writer.close();
  }

  @Override
  public void close() {
    // After a commit this does nothing.
    writer.close();
  }
}
