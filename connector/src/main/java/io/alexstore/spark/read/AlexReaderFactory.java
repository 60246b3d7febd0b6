package io.alexstore.spark.read;

import io.alexstore.schema.SchemaJson;
import io.alexstore.spark.conf.TableStorage;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Makes the readers of a scan's tasks: columnar always.
 *
 * @param storage where the table's files are
 * @param schemaJson the table's schema, as {@link SchemaJson} writes it
 * @param columns the places in it of the columns that are read, in the order that Spark wants
 * @param zones which row groups need not be read
 */
public record AlexReaderFactory(
    TableStorage storage, String schemaJson, List<Integer> columns, ZoneFilter zones)
    implements PartitionReaderFactory {

  private static final long serialVersionUID = 1L;

  /** Copies the list. */
  public AlexReaderFactory {
    columns = List.copyOf(columns);
  }

  @Override
  public boolean supportColumnarReads(InputPartition partition) {
    return true;
  }

  @Override
  public PartitionReader<ColumnarBatch> createColumnarReader(InputPartition partition) {
    return new SegmentBatchReader(
        storage.store(),
        ((AlexInputPartition) partition).slices(),
        SchemaJson.fromText(schemaJson, "the plan"),
        columns,
        zones);
  }

  @Override
  public PartitionReader<InternalRow> createReader(InputPartition partition) {
    throw new UnsupportedOperationException("alexstore reads columnar batches only");
  }
}
