package io.alexstore.spark.rowlevel;

import io.alexstore.segment.SegmentOptions;
import io.alexstore.spark.conf.TableStorage;
import io.alexstore.spark.convert.SparkValues;
import io.alexstore.table.WriteTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DeltaWriter;
import org.apache.spark.sql.connector.write.DeltaWriterFactory;

/**
 * Makes the writers of tasks, on executors.
 *
 * @param storage where the table's files are
 * @param target where they write
 * @param targetSegmentSize at how many encoded bytes a new segment is begun
 */
record RowChangeWriterFactory(TableStorage storage, WriteTarget target, long targetSegmentSize)
    implements DeltaWriterFactory {

  private static final long serialVersionUID = 1L;

  @Override
  public DeltaWriter<InternalRow> createWriter(int partitionId, long taskId) {
    SegmentOptions options = SegmentOptions.defaults().withTargetSegmentSize(targetSegmentSize);
    try {
      return new RowChangeWriter(
          target.table(),
          target.openTask(storage.store(), options),
          SparkValues.of(target.schema()));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot begin to write to " + target.table(), e);
    }
  }
}
