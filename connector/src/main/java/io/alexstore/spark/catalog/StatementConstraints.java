package io.alexstore.spark.catalog;

import io.alexstore.spark.conf.AlexStoreOptions;
import io.alexstore.spark.convert.CheckTexts;
import io.alexstore.spark.table.AlexStoreTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableInfo;
import org.apache.spark.sql.connector.catalog.constraints.Check;
import org.apache.spark.sql.connector.catalog.constraints.Constraint;
import org.apache.spark.sql.connector.catalog.constraints.PrimaryKey;

/** The constraints in a statement that creates or alters a table. */
final class StatementConstraints {

  private StatementConstraints() {}

  /**
   * The properties of a new table, among them its key. It is enforced, whatever the statement says
   * of that: Spark has no way to ask for it.
   *
   * @throws IllegalArgumentException if the key is given twice, and not alike
   */
  static Map<String, String> properties(TableInfo info) {
    Map<String, String> properties = new HashMap<>(info.properties());
    for (Constraint constraint : info.constraints()) {
      if (constraint instanceof PrimaryKey key) {
        String columns =
            AlexStoreOptions.joinNames(
                Arrays.stream(key.columns())
                    .map(column -> String.join(".", column.fieldNames()))
                    .toList());
        info.properties().forEach((property, value) -> requireSame(columns, property, value));
        properties.keySet().removeIf(AlexStoreOptions.PRIMARY_KEY::equalsIgnoreCase);
        properties.put(AlexStoreOptions.PRIMARY_KEY, columns);
      }
    }
    return properties;
  }

  /** What SHOW CREATE TABLE shows says the key as a constraint and as a property. */
  private static void requireSame(String columns, String property, String value) {
    if (property.equalsIgnoreCase(AlexStoreOptions.PRIMARY_KEY) && !value.equals(columns)) {
      throw new IllegalArgumentException(
          "The key is given twice: PRIMARY KEY ("
              + columns
              + "), and the property '"
              + property
              + "'='"
              + value
              + "'. Leave one of them out");
    }
  }

  /**
   * The CHECK constraints of a new table.
   *
   * @throws IllegalArgumentException if there are constraints that alexstore cannot enforce
   */
  static List<CheckTexts.Named> checks(TableInfo info) {
    List<CheckTexts.Named> checks = new ArrayList<>();
    for (Constraint constraint : info.constraints()) {
      if (constraint instanceof Check check) {
        checks.add(new CheckTexts.Named(check.name(), check.predicateSql()));
      } else if (!isKey(constraint)) {
        throw refused(constraint);
      }
    }
    return checks;
  }

  /** Also that of a table which another is to be made like; its properties say the key, too. */
  private static boolean isKey(Constraint constraint) {
    return constraint instanceof PrimaryKey
        || constraint.name().equals(AlexStoreTable.KEY_CONSTRAINT);
  }

  /**
   * A CHECK constraint that is to be added to a table.
   *
   * @throws IllegalArgumentException if it is another constraint
   */
  static CheckTexts.Named added(Constraint constraint) {
    if (constraint instanceof Check check) {
      return new CheckTexts.Named(check.name(), check.predicateSql());
    }
    if (constraint instanceof PrimaryKey) {
      throw new IllegalArgumentException(
          "A table keeps the key that it was made with, in whose order its rows lie: "
              + constraint.toDescription()
              + " cannot be added. Make a table with that key: CREATE OR REPLACE TABLE ..."
              + " TBLPROPERTIES ('primaryKey'='<columns>') AS SELECT");
    }
    throw refused(constraint);
  }

  /**
   * A statement that makes a table like another, with the other's key: the key is what makes it a
   * table of its kind.
   */
  static TableCreation.Statement like(TableCreation.Statement statement, Table source) {
    Map<String, String> properties = new HashMap<>(statement.properties());
    boolean hasKey =
        properties.keySet().stream()
            .anyMatch(
                name ->
                    name.equalsIgnoreCase(AlexStoreOptions.PRIMARY_KEY)
                        || name.equalsIgnoreCase(AlexStoreOptions.SORT_KEY));
    if (!hasKey) {
      for (String key : List.of(AlexStoreOptions.PRIMARY_KEY, AlexStoreOptions.SORT_KEY)) {
        if (source.properties().containsKey(key)) {
          properties.put(key, source.properties().get(key));
        }
      }
    }
    return new TableCreation.Statement(
        statement.ident(),
        statement.columns(),
        statement.partitions(),
        properties,
        statement.checks());
  }

  private static IllegalArgumentException refused(Constraint constraint) {
    return new IllegalArgumentException(
        "alexstore enforces PRIMARY KEY, CHECK and NOT NULL, and no other constraints: leave "
            + constraint.toDDL()
            + " out");
  }
}
