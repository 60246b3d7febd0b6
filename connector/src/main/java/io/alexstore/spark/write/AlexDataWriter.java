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
  private long rows;

  AlexDataWriter(TaskWriter writer, SparkValues values) {
    this.writer = writer;
    this.values = values;
  }

  @Override
  public void write(InternalRow row) throws IOException {
    writer.append(values.reset(row));
    rows++;
  }

  @Override
  public CustomTaskMetric[] currentMetricsValues() {
    return WriteMetrics.of(rows, writer);
  }

  @Override
  public WriterCommitMessage commit() throws IOException {
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
