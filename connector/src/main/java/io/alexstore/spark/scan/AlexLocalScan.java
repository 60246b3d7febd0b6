package io.alexstore.spark.scan;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.LocalScan;
import org.apache.spark.sql.connector.read.Statistics;
import org.apache.spark.sql.connector.read.SupportsReportStatistics;
import org.apache.spark.sql.types.StructType;

/**
 * The answer to a query that asks for few rows by key, or for what the table's metadata tells: read
 * on the driver while Spark plans, so that there need be no job. It holds its rows, and so a
 * DataFrame that is collected again gives the same ones.
 */
public final class AlexLocalScan implements LocalScan, SupportsReportStatistics {

  private final StructType readSchema;
  private final List<InternalRow> rows;
  private final Object source;
  private final String description;

  /**
   * An answer.
   *
   * @param source what was asked; answers to the same are equal
   */
  public AlexLocalScan(
      StructType readSchema, List<InternalRow> rows, Object source, String description) {
    this.readSchema = readSchema;
    this.rows = List.copyOf(rows);
    this.source = source;
    this.description = description;
  }

  @Override
  public InternalRow[] rows() {
    return rows.toArray(InternalRow[]::new);
  }

  @Override
  public StructType readSchema() {
    return readSchema;
  }

  @Override
  public Statistics estimateStatistics() {
    long bytes = (long) rows.size() * Math.max(1, readSchema.defaultSize());
    return new ScanStatistics(
        OptionalLong.of(Math.max(1, bytes)), OptionalLong.of(rows.size()), Map.of());
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public String toString() {
    return description;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AlexLocalScan o
        && source.equals(o.source)
        && readSchema.equals(o.readSchema);
  }

  @Override
  public int hashCode() {
    return Objects.hash(source, readSchema);
  }
}
