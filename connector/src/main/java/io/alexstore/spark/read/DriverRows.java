package io.alexstore.spark.read;

import io.alexstore.io.FileStore;
import io.alexstore.schema.Column;
import io.alexstore.schema.Schema;
import io.alexstore.spark.convert.SparkSchemas;
import io.alexstore.spark.convert.UnsafeRows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/** Reads few rows where it is called, rather than in tasks. */
public final class DriverRows {

  private DriverRows() {}

  /**
   * Reads rows, each a copy that needs no segment any more.
   *
   * @param store where the table's files are
   * @param columns the columns, and in them the fields, that are read
   * @param maxBytes the most bytes that the rows may have
   * @return empty if they have more
   */
  public static Optional<List<InternalRow>> read(
      FileStore store,
      List<SegmentSlice> slices,
      Schema schema,
      List<Column> columns,
      long maxBytes)
      throws IOException {
    UnsafeRows copies = UnsafeRows.of(SparkSchemas.toSpark(columns));
    List<InternalRow> rows = new ArrayList<>();
    long bytes = 0;
    try (SegmentBatchReader reader =
        new SegmentBatchReader(store, slices, schema, columns, ZoneFilter.ALL)) {
      while (reader.next()) {
        ColumnarBatch batch = reader.get();
        for (int i = 0; i < batch.numRows(); i++) {
          UnsafeRow row = copies.copy(batch.getRow(i));
          bytes += row.getSizeInBytes();
          if (bytes > maxBytes) {
            return Optional.empty();
          }
          rows.add(row);
        }
      }
    }
    return Optional.of(rows);
  }
}
