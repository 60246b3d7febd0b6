package io.alexstore.spark.table;

import io.alexstore.spark.conf.AlexStoreOptions;
import io.alexstore.spark.conf.TableStorage;
import io.alexstore.spark.convert.ColumnChanges;
import io.alexstore.table.AlexTable;
import java.util.EnumSet;
import java.util.Set;
import org.apache.spark.sql.connector.catalog.SupportsSchemaEvolution;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableChange.ColumnChange;

/**
 * A table whose columns a write WITH SCHEMA EVOLUTION may change. In a class of its own, because
 * Spark before 4.2 has no such interface.
 */
final class EvolvingTable extends AlexStoreTable implements SupportsSchemaEvolution {

  private EvolvingTable(
      TableStorage storage,
      AlexStoreOptions options,
      SnapshotPin pin,
      AlexTable table,
      boolean toWrite) {
    super(storage, options, pin, table, toWrite);
  }

  /** Of the class that every Spark knows, so that nothing else names this one. */
  static AlexStoreTable of(
      TableStorage storage,
      AlexStoreOptions options,
      SnapshotPin pin,
      AlexTable table,
      boolean toWrite) {
    return new EvolvingTable(storage, options, pin, table, toWrite);
  }

  @Override
  public Set<TableCapability> capabilities() {
    Set<TableCapability> all = EnumSet.of(TableCapability.AUTOMATIC_SCHEMA_EVOLUTION);
    all.addAll(super.capabilities());
    return all;
  }

  /** Spark casts the rows to the column as it is where the answer is no. */
  @Override
  public boolean supportsColumnChange(ColumnChange change) {
    return ColumnChanges.isAllowed(tableSchema(), change);
  }
}
