package io.alexstore.spark.catalog;

import io.alexstore.spark.conf.AlexStoreOptions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.connector.catalog.TableInfo;
import org.apache.spark.sql.connector.catalog.constraints.Constraint;
import org.apache.spark.sql.connector.catalog.constraints.PrimaryKey;

/** {@code PRIMARY KEY (a, b)} in a statement that creates a table. */
final class KeyConstraints {

  private KeyConstraints() {}

  /**
   * The properties of a new table, among them its key. It is enforced, whatever the statement says
   * of that: Spark has no way to ask for it.
   *
   * @throws IllegalArgumentException if there is a constraint of another kind, or the key is given
   *     twice
   */
  static Map<String, String> properties(TableInfo info) {
    Map<String, String> properties = new HashMap<>(info.properties());
    for (Constraint constraint : info.constraints()) {
      if (!(constraint instanceof PrimaryKey key)) {
        throw new IllegalArgumentException(
            "alexstore enforces PRIMARY KEY and NOT NULL, and no other constraints: leave "
                + constraint.toDDL()
                + " out");
      }
      String columns =
          AlexStoreOptions.joinNames(
              Arrays.stream(key.columns())
                  .map(column -> String.join(".", column.fieldNames()))
                  .toList());
      info.properties().keySet().stream()
          .filter(AlexStoreOptions.PRIMARY_KEY::equalsIgnoreCase)
          .findAny()
          .ifPresent(
              property -> {
                throw new IllegalArgumentException(
                    "The key is given twice: PRIMARY KEY ("
                        + columns
                        + "), and the property '"
                        + property
                        + "'='"
                        + info.properties().get(property)
                        + "'. Leave one of them out");
              });
      properties.put(AlexStoreOptions.PRIMARY_KEY, columns);
    }
    return properties;
  }
}
