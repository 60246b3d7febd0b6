package io.alexstore.spark.write;

import io.alexstore.schema.Column;
import io.alexstore.schema.Schema;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.NullOrdering;
import org.apache.spark.sql.connector.expressions.SortDirection;
import org.apache.spark.sql.connector.expressions.SortOrder;

/** The order in which rows are written, as Spark is asked for it. */
public final class KeyOrder {

  private KeyOrder() {}

  /**
   * By key, then by other columns.
   *
   * @param more the names of these
   */
  public static SortOrder[] of(Schema schema, String... more) {
    SortOrder[] order = new SortOrder[schema.keyColumns().size() + more.length];
    int n = 0;
    for (Column column : schema.keyColumns()) {
      order[n++] = ascending(column.name());
    }
    for (String name : more) {
      order[n++] = ascending(name);
    }
    return order;
  }

  private static SortOrder ascending(String name) {
    return Expressions.sort(reference(name), SortDirection.ASCENDING, NullOrdering.NULLS_FIRST);
  }

  /** A top-level column. */
  public static NamedReference reference(String name) {
    return Expressions.column("`" + name.replace("`", "``") + "`");
  }
}
