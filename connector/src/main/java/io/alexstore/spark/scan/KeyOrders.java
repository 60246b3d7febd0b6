package io.alexstore.spark.scan;

import io.alexstore.schema.Column;
import io.alexstore.schema.Schema;
import java.util.List;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.NullOrdering;
import org.apache.spark.sql.connector.expressions.SortDirection;
import org.apache.spark.sql.connector.expressions.SortOrder;

/** Orders that Spark asks for, as those of a table's key. */
final class KeyOrders {

  private KeyOrders() {}

  /**
   * In which direction rows in the order of the key are in another order, too; {@link
   * KeyDirection#ANY} if they are not.
   */
  static KeyDirection of(Schema schema, SortOrder... orders) {
    List<Column> key = schema.keyColumns();
    if (orders.length == 0) {
      return KeyDirection.ANY;
    }
    boolean ascending = orders[0].direction() == SortDirection.ASCENDING;
    for (int i = 0; i < orders.length; i++) {
      if (i == key.size()) {
        // What comes after a whole unique key decides nothing.
        return schema.key().isUnique() ? direction(ascending) : KeyDirection.ANY;
      } else if (!isBy(key.get(i), orders[i], ascending)) {
        return KeyDirection.ANY;
      }
    }
    return direction(ascending);
  }

  private static KeyDirection direction(boolean ascending) {
    return ascending ? KeyDirection.ASCENDING : KeyDirection.DESCENDING;
  }

  private static boolean isBy(Column column, SortOrder order, boolean ascending) {
    // In a key a null is the smallest value.
    NullOrdering nulls = ascending ? NullOrdering.NULLS_FIRST : NullOrdering.NULLS_LAST;
    return order.expression() instanceof NamedReference reference
        && reference.fieldNames().length == 1
        && reference.fieldNames()[0].equals(column.name())
        && (order.direction() == SortDirection.ASCENDING) == ascending
        && (!column.nullable() || order.nullOrdering() == nulls);
  }
}
