package io.alexstore.spark.read;

import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaJson;
import io.alexstore.spark.conf.TableStorage;
import io.alexstore.spark.convert.ColumnPruning;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Makes the readers of a scan's tasks: columnar always.
 *
 * @param storage where the table's files are
 * @param schemaJson the table's schema, as {@link SchemaJson} writes it
 * @param readSchema the columns, and in them the fields, that are read, in the order that Spark
 *     wants
 * @param zones which row groups need not be read
 */
public record AlexReaderFactory(
    TableStorage storage, String schemaJson, StructType readSchema, ZoneFilter zones)
    implements PartitionReaderFactory {

  private static final long serialVersionUID = 1L;

  @Override
  public boolean supportColumnarReads(InputPartition partition) {
    return true;
  }

  @Override
  public PartitionReader<ColumnarBatch> createColumnarReader(InputPartition partition) {
    Schema schema = SchemaJson.fromText(schemaJson, "the plan");
    return new SegmentBatchReader(
        storage.store(),
        ((AlexInputPartition) partition).slices(),
        schema,
        ColumnPruning.prune(MetadataColumns.and(schema.columns()), readSchema),
        zones);
  }

  @Override
  public PartitionReader<InternalRow> createReader(InputPartition partition) {
    throw new UnsupportedOperationException("alexstore reads columnar batches only");
  }
}
