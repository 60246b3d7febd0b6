package io.alexstore.spark.catalog;

import io.alexstore.spark.metadata.MetadataKind;
import io.alexstore.spark.metadata.MetadataTable;
import io.alexstore.spark.table.AlexStoreTable;
import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.Table;

/**
 * Names of what is told of a table: the table's own, and behind it what is asked for, as in {@code
 * db.orders.snapshots}. A table of such a name comes first.
 */
final class MetadataNames {

  /** Loads a table by its own name. */
  @FunctionalInterface
  interface Loader {
    AlexStoreTable load(Identifier ident) throws NoSuchTableException;
  }

  private MetadataNames() {}

  /** The table of a name, or what is told of one. */
  static Table load(Identifier ident, Loader loader) throws NoSuchTableException {
    try {
      return loader.load(ident);
    } catch (NoSuchTableException e) {
      Optional<MetadataKind> kind = MetadataKind.named(ident.name());
      String[] parts = ident.namespace();
      if (kind.isEmpty() || parts.length == 0) {
        throw e;
      }
      int last = parts.length - 1;
      try {
        AlexStoreTable of = loader.load(Identifier.of(Arrays.copyOf(parts, last), parts[last]));
        return new MetadataTable(of, kind.get());
      } catch (NoSuchTableException none) {
        throw e; // The name that was asked for.
      }
    }
  }
}
