package io.alexstore.spark.catalog;

import io.alexstore.log.Snapshot;
import io.alexstore.schema.CheckConstraint;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaChange;
import io.alexstore.schema.SchemaEvolution;
import io.alexstore.schema.TableKey;
import io.alexstore.spark.conf.AlexStoreOptions;
import io.alexstore.spark.conf.TableProperties;
import io.alexstore.spark.convert.CheckTexts;
import io.alexstore.spark.convert.ColumnChanges;
import io.alexstore.spark.convert.SparkSchemas;
import io.alexstore.spark.table.AlexStoreTable;
import io.alexstore.spark.table.TableFacts;
import io.alexstore.spark.write.Conflicts;
import io.alexstore.table.AlexTable;
import io.alexstore.table.TableAlteration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.catalog.TableChange;

/** Changes of a table's columns, properties and constraints, as ALTER TABLE brings them. */
final class TableChanges {

  /** What a table says of itself whatever its properties are. */
  private static final Set<String> FIXED =
      Set.of(
          TableCatalog.PROP_PROVIDER,
          TableCatalog.PROP_LOCATION,
          TableCatalog.PROP_EXTERNAL,
          TableCatalog.PROP_IS_MANAGED_LOCATION);

  private final String name;
  private final AlexStoreTable table;
  private final TableAlteration alteration;

  /**
   * Changes of a table.
   *
   * @param name by which Spark finds it, in SQL
   */
  TableChanges(String name, AlexStoreTable table) {
    this.name = name;
    this.table = table;
    this.alteration = TableAlteration.of(table.store(), table.path());
  }

  /**
   * Makes changes; those of columns, and those of properties, all at once.
   *
   * @throws UnsupportedOperationException if there are changes of another kind
   * @throws IllegalArgumentException if one cannot be made
   */
  void apply(TableChange... changes) {
    try {
      if (Arrays.stream(changes).allMatch(TableChanges::isOfProperties)) {
        properties(changes);
        return;
      }
      if (Arrays.stream(changes).allMatch(TableChange.ColumnChange.class::isInstance)) {
        columns(changes);
        return;
      }
      for (TableChange change : changes) {
        if (change instanceof TableChange.AddConstraint add) {
          addCheck(StatementConstraints.added(add.constraint()));
        } else if (change instanceof TableChange.DropConstraint drop) {
          drop(drop.name(), !drop.ifExists());
        } else {
          throw new UnsupportedOperationException(
              "alexstore cannot make the change "
                  + change.getClass().getSimpleName()
                  + " of the table "
                  + name
                  + (changes.length > 1 ? " together with others: make one at a time" : ""));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The table " + name + " was not altered", e);
    }
  }

  private void columns(TableChange... changes) throws IOException {
    Snapshot seen = table.opened();
    List<SchemaChange> columns = ColumnChanges.of(seen.schema(), List.of(changes));
    Schema schema = SchemaEvolution.apply(seen.schema(), columns, seen.nextSchemaId());
    alteration.columns(
        seen,
        columns,
        properties -> {
          columns.forEach(change -> follow(change, properties));
          requireUsable(properties, schema);
        });
  }

  /** A property that names a column by its name is to name it by its new one. */
  private static void follow(SchemaChange change, Map<String, String> properties) {
    if (change instanceof SchemaChange.Rename rename && rename.path().size() == 1) {
      properties.replaceAll(
          (property, value) ->
              property.equalsIgnoreCase(AlexStoreOptions.ORDER_BY)
                      && value.equalsIgnoreCase(rename.path().get(0))
                  ? rename.name()
                  : value);
    }
  }

  private static boolean isOfProperties(TableChange change) {
    return change instanceof TableChange.SetProperty
        || change instanceof TableChange.RemoveProperty;
  }

  private void properties(TableChange... changes) throws IOException {
    alteration.properties(
        properties -> {
          for (TableChange change : changes) {
            if (change instanceof TableChange.SetProperty set) {
              requireChangeable(set.property());
              TableProperties.check(set.property(), set.value());
              properties.put(set.property(), set.value());
            } else if (change instanceof TableChange.RemoveProperty remove) {
              requireChangeable(remove.property());
              properties.remove(remove.property());
            }
          }
          requireUsable(properties, table.tableSchema());
        });
  }

  private static void requireChangeable(String property) {
    if (property.equalsIgnoreCase(AlexStoreOptions.PRIMARY_KEY)
        || property.equalsIgnoreCase(AlexStoreOptions.SORT_KEY)) {
      throw new IllegalArgumentException(
          "A table keeps the key that it was made with, in whose order its rows lie: the property '"
              + property
              + "' cannot be changed. Make a table with another key: CREATE OR REPLACE TABLE ..."
              + " TBLPROPERTIES ('"
              + property
              + "'='<columns>') AS SELECT");
    }
    if (FIXED.contains(property) || TableFacts.isFact(property)) {
      throw new IllegalArgumentException(
          "'"
              + property
              + "' says what the table is, and cannot be set. To have the table elsewhere, write"
              + " its rows to another one");
    }
  }

  /** A property that no write could be made with must not come to be. */
  private void requireUsable(Map<String, String> properties, Schema schema) {
    AlexStoreOptions none = new AlexStoreOptions(Map.of());
    Conflicts.of(
        none,
        table.path(),
        schema,
        properties,
        Boolean.parseBoolean(SparkSession.active().conf().get("spark.sql.caseSensitive")));
    none.targetSegmentSize(properties);
  }

  /** Adds a CHECK constraint, if all rows fulfil it. */
  private void addCheck(CheckTexts.Named check) throws IOException {
    // Spark has looked, too, but does not say in which version.
    Snapshot seen = AlexTable.open(table.store(), table.path()).snapshot();
    requireFulfilled(check, seen);
    alteration.addCheck(seen, CheckTexts.constraint(check, seen.schema()));
  }

  private void requireFulfilled(CheckTexts.Named check, Snapshot seen) {
    boolean isBroken =
        !SparkSession.active()
            .read()
            .option(AlexStoreOptions.VERSION_AS_OF, Long.toString(seen.version()))
            .table(name)
            .where("NOT (" + check.condition() + ")")
            .isEmpty();
    if (isBroken) {
      throw new IllegalArgumentException(
          "The CHECK constraint '"
              + check.name()
              + "' cannot be added: version "
              + seen.version()
              + " of "
              + name
              + " has rows for which "
              + check.condition()
              + " is false. Change or delete them first");
    }
  }

  private void drop(String constraint, boolean mustExist) throws IOException {
    boolean isKey =
        constraint.equalsIgnoreCase(AlexStoreTable.KEY_CONSTRAINT)
            && table.tableSchema().key().kind() == TableKey.Kind.PRIMARY;
    if (isKey) {
      throw new IllegalArgumentException(
          "A table keeps the key that it was made with ("
              + SparkSchemas.describeKey(table.tableSchema())
              + "), which cannot be dropped. Make a table with sortKey, where keys need not be"
              + " unique: CREATE OR REPLACE TABLE ... TBLPROPERTIES ('sortKey'='<columns>') AS"
              + " SELECT");
    }
    if (alteration.dropCheck(constraint).isEmpty() && mustExist) {
      throw new IllegalArgumentException(
          "The table "
              + name
              + " has no constraint '"
              + constraint
              + "'; it has "
              + table.tableSchema().checks().stream().map(CheckConstraint::name).toList()
              + ". Correct the name, or say IF EXISTS");
    }
  }
}
