package io.alexstore.spark.table;

import io.alexstore.schema.CheckConstraint;
import io.alexstore.schema.Column;
import io.alexstore.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.connector.catalog.constraints.Constraint;

/**
 * A table's constraints for Spark. Spark evaluates CHECK on every row that a statement adds or
 * changes, from 4.1 on; the key is enforced by the table itself.
 */
final class SparkConstraints {

  private SparkConstraints() {}

  /** The constraints of a schema: the primary key, and those of CHECK. */
  static Constraint[] of(Schema schema) {
    List<Constraint> constraints = new ArrayList<>();
    if (schema.key().isUnique()) {
      constraints.add(Key.of(schema));
    }
    constraints.addAll(List.of(checks(schema)));
    return constraints.toArray(Constraint[]::new);
  }

  /** The CHECK constraints of a schema. */
  static Constraint[] checks(Schema schema) {
    return schema.checks().stream().map(SparkConstraints::check).toArray(Constraint[]::new);
  }

  private static Constraint check(CheckConstraint check) {
    if (!check.dialect().equals(CheckConstraint.SPARK)) {
      throw new UnsupportedOperationException(
          "The CHECK constraint '"
              + check.name()
              + "' ("
              + check.expression()
              + ") is in the language '"
              + check.dialect()
              + "', which Spark does not evaluate: write to the table with the program that made"
              + " it, or drop the constraint");
    }
    return Constraint.check(check.name())
        .predicateSql(check.expression())
        .enforced(true)
        .validationStatus(Constraint.ValidationStatus.VALID)
        .build();
  }

  /**
   * The key. Not Spark's own class, which can be declared enforced nowhere but in what a table
   * says, so that what SHOW CREATE TABLE would show could not be run.
   *
   * @param columns as in SQL
   */
  private record Key(String columns) implements Constraint {

    static Key of(Schema schema) {
      return new Key(
          schema.keyColumns().stream()
              .map(Column::name)
              .map(Key::quoted)
              .collect(Collectors.joining(", ")));
    }

    private static String quoted(String name) {
      return name.matches("[A-Za-z_][A-Za-z0-9_]*") ? name : "`" + name.replace("`", "``") + "`";
    }

    @Override
    public String name() {
      return AlexStoreTable.KEY_CONSTRAINT;
    }

    @Override
    public boolean enforced() {
      return true;
    }

    @Override
    public ValidationStatus validationStatus() {
      return ValidationStatus.VALID;
    }

    @Override
    public boolean rely() {
      return true;
    }

    @Override
    public String toDDL() {
      return "PRIMARY KEY (" + columns + ")";
    }

    @Override
    public String toDescription() {
      return toDDL() + " ENFORCED";
    }
  }
}
