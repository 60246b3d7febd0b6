package io.alexstore.spark.catalog;

import io.alexstore.error.TableExistsException;
import io.alexstore.spark.convert.CheckTexts;
import io.alexstore.spark.convert.SparkColumns;
import io.alexstore.spark.table.AlexStoreTable;
import io.alexstore.spark.table.NewTable;
import io.alexstore.spark.table.SnapshotPin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.catalyst.analysis.NoSuchNamespaceException;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.catalyst.analysis.TableAlreadyExistsException;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.types.StructType;

/**
 * Makes and replaces the tables of a catalog. A table is there as soon as its first version is, and
 * a replaced one when its next version is; so each is there whole or not at all.
 *
 * <p>Thread safety: safe for any number of threads.
 */
final class TableCreation {

  /** Says where tables are. */
  @FunctionalInterface
  interface Placement {
    /**
     * Where the table of a name is, or is to be made.
     *
     * @param location where a statement says that it is; empty if it does not
     * @throws IllegalArgumentException if it can be nowhere, or not there
     * @throws NoSuchNamespaceException if what it is to be made in is not there
     */
    Place of(Identifier ident, Optional<String> location) throws NoSuchNamespaceException;
  }

  /** What a statement says of a table. */
  record Statement(
      Identifier ident,
      Column[] columns,
      Transform[] partitions,
      Map<String, String> properties,
      List<CheckTexts.Named> checks) {

    Statement {
      NewTable.refusePartitions(partitions);
    }

    StructType struct() {
      return SparkColumns.struct(Arrays.asList(columns));
    }

    Optional<String> location() {
      return Optional.ofNullable(properties.get(TableCatalog.PROP_LOCATION));
    }
  }

  private final SnapshotPin pin;
  private final Placement placement;

  TableCreation(SnapshotPin pin, Placement placement) {
    this.pin = pin;
    this.placement = placement;
  }

  private NewTable plan(Statement statement, Place place) {
    return NewTable.create(
            place.path(),
            place.options(),
            statement.properties(),
            statement.struct(),
            statement.checks())
        .registeredBy(place.registration());
  }

  /** Makes an empty table; where LOCATION names one that is there, takes it into the catalog. */
  void create(Statement statement) throws TableAlreadyExistsException, NoSuchNamespaceException {
    Place place = placement.of(statement.ident(), statement.location());
    if (place.isTaken()) {
      throw new TableAlreadyExistsException(statement.ident());
    }
    try {
      if (statement.location().isPresent()
          && AlexStoreTable.exists(place.path(), place.options())) {
        adopt(statement, place);
      } else {
        plan(statement, place).commitStagedChanges();
      }
    } catch (TableExistsException e) {
      // Made meanwhile by another.
      throw new TableAlreadyExistsException(statement.ident());
    }
  }

  /** Takes a table that is there into the catalog. It must be what the statement says it is. */
  private void adopt(Statement statement, Place place) {
    AlexStoreTable table = AlexStoreTable.open(place.options(), pin);
    if (statement.columns().length > 0) {
      table.requireColumns(statement.struct());
    }
    table.requireSameKey(NewTable.withKey(place.options(), statement.properties()));
    if (!statement.checks().isEmpty()) {
      throw new IllegalArgumentException(
          "There is a table at "
              + place.path()
              + " already, which keeps its constraints: leave CHECK out, and add it with ALTER"
              + " TABLE ... ADD CONSTRAINT");
    }
    try {
      place.registration().register();
    } catch (IOException e) {
      throw new UncheckedIOException("The catalog could not take up " + place.path(), e);
    }
  }

  /** A table that is to be made with its rows. */
  NewTable stageCreate(Statement statement)
      throws TableAlreadyExistsException, NoSuchNamespaceException {
    Place place = placement.of(statement.ident(), statement.location());
    if (place.isTaken()) {
      throw new TableAlreadyExistsException(statement.ident());
    }
    requireNoneThere(place);
    return plan(statement, place);
  }

  /** A table that takes the place of another. */
  NewTable stageReplace(Statement statement) throws NoSuchTableException, NoSuchNamespaceException {
    Place place = placement.of(statement.ident(), statement.location());
    if (!place.isTaken()) {
      throw new NoSuchTableException(statement.ident());
    }
    return plan(statement, place).replacing();
  }

  /** A table that takes the place of another, if there is one. */
  NewTable stageCreateOrReplace(Statement statement) throws NoSuchNamespaceException {
    Place place = placement.of(statement.ident(), statement.location());
    if (place.isTaken()) {
      return plan(statement, place).replacing();
    }
    requireNoneThere(place);
    return plan(statement, place);
  }

  private static void requireNoneThere(Place place) {
    if (AlexStoreTable.exists(place.path(), place.options())) {
      throw new IllegalArgumentException(
          "There is a table at "
              + place.path()
              + " already, which the catalog does not know: CREATE TABLE ... LOCATION without AS"
              + " SELECT takes it up, and then it can be replaced");
    }
  }
}
