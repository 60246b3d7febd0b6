package io.alexstore.spark.catalog;

import io.alexstore.spark.procedure.TableFinder;
import io.alexstore.spark.table.AlexStoreTable;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.connector.catalog.Identifier;

/**
 * The tables that the procedures of a catalog are called for: by the name in the catalog, with the
 * catalog's own before it or without, or by the path.
 */
final class NamedTables implements TableFinder {

  private final Supplier<String> catalog;
  private final MetadataNames.Loader byName;
  private final Function<String, AlexStoreTable> byPath;

  /**
   * Tables of a catalog.
   *
   * @param catalog its name, which it may not know yet
   */
  NamedTables(
      Supplier<String> catalog,
      MetadataNames.Loader byName,
      Function<String, AlexStoreTable> byPath) {
    this.catalog = catalog;
    this.byName = byName;
    this.byPath = byPath;
  }

  @Override
  public AlexStoreTable find(String text) {
    Optional<String> path = TableNames.path(text);
    if (path.isPresent()) {
      return byPath.apply(path.get());
    }
    List<String> parts = TableNames.parts(text);
    try {
      return byName.load(ident(parts));
    } catch (NoSuchTableException e) {
      if (parts.size() > 1 && parts.get(0).equals(catalog.get())) {
        return find(text, parts.subList(1, parts.size()));
      }
      throw noTable(text, e);
    }
  }

  private AlexStoreTable find(String text, List<String> parts) {
    try {
      return byName.load(ident(parts));
    } catch (NoSuchTableException e) {
      throw noTable(text, e);
    }
  }

  private static Identifier ident(List<String> parts) {
    int last = parts.size() - 1;
    return Identifier.of(parts.subList(0, last).toArray(String[]::new), parts.get(last));
  }

  private IllegalArgumentException noTable(String text, NoSuchTableException cause) {
    return new IllegalArgumentException(
        "There is no table '"
            + text
            + "' of alexstore in the catalog '"
            + catalog.get()
            + "'. Give its name within the catalog, as 'db.orders', or its path, as '/data/orders'",
        cause);
  }
}
