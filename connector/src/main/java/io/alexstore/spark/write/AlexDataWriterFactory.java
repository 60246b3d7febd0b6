package io.alexstore.spark.write;

import io.alexstore.schema.Schema;
import io.alexstore.segment.SegmentOptions;
import io.alexstore.spark.conf.TableStorage;
import io.alexstore.spark.convert.SparkValues;
import io.alexstore.table.TaskWriter;
import io.alexstore.table.WriteTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.DataWriterFactory;

/**
 * Makes the writers of tasks, on executors.
 *
 * @param storage where the table's files are
 * @param target where they write
 * @param conflicts what becomes of several rows with one key
 * @param targetSegmentSize at how many encoded bytes a new segment is begun
 */
record AlexDataWriterFactory(
    TableStorage storage, WriteTarget target, Conflicts conflicts, long targetSegmentSize)
    implements DataWriterFactory {

  private static final long serialVersionUID = 1L;

  @Override
  public DataWriter<InternalRow> createWriter(int partitionId, long taskId) {
    SegmentOptions options = SegmentOptions.defaults().withTargetSegmentSize(targetSegmentSize);
    try {
      Schema schema = target.schema();
      SparkValues values = SparkValues.of(schema);
      TaskWriter writer = target.openTask(storage.store(), options);
      return new AlexDataWriter(
          writer, values, conflicts.keepsLast() ? new LastOfKey(schema) : null);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot begin to write to " + target.table(), e);
    }
  }
}
