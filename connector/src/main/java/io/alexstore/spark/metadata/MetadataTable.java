package io.alexstore.spark.metadata;

import io.alexstore.log.Snapshot;
import io.alexstore.log.TableLog;
import io.alexstore.spark.scan.AlexLocalScan;
import io.alexstore.spark.table.AlexStoreTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * What is told of a table, as a table that can only be read. Its rows are made on the driver while
 * Spark plans, from the log, and of columns from the ends of the segments: they tell of the version
 * that a query of the table itself would read then.
 */
public final class MetadataTable implements SupportsRead {

  private final AlexStoreTable of;
  private final MetadataKind kind;

  /** What is told of a table; of one that is read at an older version, up to that. */
  public MetadataTable(AlexStoreTable of, MetadataKind kind) {
    this.of = of;
    this.kind = kind;
  }

  @Override
  public String name() {
    return of.name() + "." + kind.lowerName();
  }

  /** For Spark 4.0, which has no other way to ask for the columns everywhere. */
  @Override
  @SuppressWarnings("deprecation")
  public StructType schema() {
    return kind.columns();
  }

  @Override
  public Column[] columns() {
    return Arrays.stream(kind.columns().fields())
        .map(field -> Column.create(field.name(), field.dataType(), field.nullable()))
        .toArray(Column[]::new);
  }

  @Override
  public Set<TableCapability> capabilities() {
    return Set.of(TableCapability.BATCH_READ);
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
    return this::scan;
  }

  private Scan scan() {
    Snapshot snapshot = of.snapshotToRead();
    try {
      TableLog log = new TableLog(of.store(), of.path());
      return new AlexLocalScan(
          kind.columns(),
          kind.rows(log, snapshot, of.storage()),
          List.of(snapshot.commitId(), kind),
          name() + "@v" + snapshot.version());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the log of " + of.path(), e);
    }
  }

  @Override
  public String toString() {
    return name();
  }
}
