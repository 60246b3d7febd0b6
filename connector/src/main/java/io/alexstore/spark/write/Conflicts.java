package io.alexstore.spark.write;

import io.alexstore.commit.OnConflict;
import io.alexstore.schema.Schema;
import io.alexstore.spark.conf.AlexStoreOptions;
import io.alexstore.spark.convert.SparkSchemas;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What becomes of rows whose keys are there already.
 *
 * @param onConflict where the table has the key
 * @param orderBy where several new rows have it, the place of the column whose greatest value wins;
 *     -1 if that is an error
 */
public record Conflicts(OnConflict onConflict, int orderBy) implements Serializable {

  private static final long serialVersionUID = 1L;

  /**
   * What options say.
   *
   * @param table the table's path, for errors
   * @param properties the table's
   * @param caseSensitive whether names that differ in case only are different
   * @throws IllegalArgumentException if they do not go together, or not with the table
   */
  public static Conflicts of(
      AlexStoreOptions options,
      String table,
      Schema schema,
      Map<String, String> properties,
      boolean caseSensitive) {
    OnConflict onConflict = options.onConflict(properties);
    Optional<String> orderBy = options.orderBy(properties);
    if (onConflict != OnConflict.ERROR && !schema.key().isUnique()) {
      throw new IllegalArgumentException(
          "onConflict="
              + onConflict.name().toLowerCase(Locale.ROOT)
              + " needs a primary key, and the table at "
              + table
              + " has the "
              + SparkSchemas.describeKey(schema)
              + ", of which nothing is enforced: all rows are kept. Leave the option out, or make a"
              + " table with primaryKey");
    }
    if (orderBy.isEmpty()) {
      return new Conflicts(onConflict, -1);
    }
    if (onConflict != OnConflict.UPDATE) {
      throw new IllegalArgumentException(
          "Option 'orderBy' ('"
              + orderBy.get()
              + "') says which of several new rows with one key replaces the others; that needs"
              + " onConflict=update");
    }
    List<Integer> place =
        SparkSchemas.resolve(
            "option 'orderBy'",
            SparkSchemas.toSpark(schema),
            List.of(orderBy.get()),
            caseSensitive);
    return new Conflicts(onConflict, place.get(0));
  }

  /** Whether several new rows may have one key. */
  boolean keepsLast() {
    return orderBy >= 0;
  }
}
