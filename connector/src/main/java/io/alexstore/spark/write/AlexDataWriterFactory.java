package io.alexstore.spark.write;

import io.alexstore.segment.SegmentOptions;
import io.alexstore.spark.conf.TableStorage;
import io.alexstore.spark.convert.SparkValues;
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
 * @param targetSegmentSize at how many encoded bytes a new segment is begun
 */
record AlexDataWriterFactory(TableStorage storage, WriteTarget target, long targetSegmentSize)
    implements DataWriterFactory {

  private static final long serialVersionUID = 1L;

  @Override
  public DataWriter<InternalRow> createWriter(int partitionId, long taskId) {
    SegmentOptions options = SegmentOptions.defaults().withTargetSegmentSize(targetSegmentSize);
    try {
      return new AlexDataWriter(
          target.openTask(storage.store(), options), SparkValues.of(target.schema()));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot begin to write to " + target.table(), e);
    }
  }
}
