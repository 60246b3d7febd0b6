package io.alexstore.spark.convert;

import io.alexstore.key.KeyCodec;
import io.alexstore.schema.Column;
import io.alexstore.schema.ColumnType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.TableKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Schemas of Spark and of the engine, each as the other. */
public final class SparkSchemas {

  private SparkSchemas() {}

  /**
   * The schema of a new table.
   *
   * @param columns the columns; those of a primary key become NOT NULL
   * @param kind the kind of key
   * @param key the names of the key's columns
   * @param caseSensitive whether names that differ in case only are different
   * @throws IllegalArgumentException if a type cannot be stored, a column of the key is missing or
   *     cannot be one, or a name stands twice
   */
  public static Schema create(
      StructType columns, TableKey.Kind kind, List<String> key, boolean caseSensitive) {
    requireUniqueNames(columns, caseSensitive);
    List<Integer> keyPlaces = resolve(columns, key, caseSensitive);
    ToEngineTypes types = new ToEngineTypes(0);
    List<Column> converted = new ArrayList<>(types.columns(columns));
    List<Integer> keyIds = new ArrayList<>();
    for (int place : keyPlaces) {
      Column column = converted.get(place);
      keyIds.add(column.id());
      if (kind == TableKey.Kind.PRIMARY) {
        converted.set(
            place,
            new Column(
                column.id(),
                column.name(),
                column.type(),
                false,
                column.metadata(),
                column.addedDefault()));
      }
    }
    Schema schema = new Schema(0, converted, new TableKey(kind, keyIds), types.lastId());
    // Says which types cannot be a key, and why.
    KeyCodec.of(schema);
    return schema;
  }

  private static void requireUniqueNames(StructType columns, boolean caseSensitive) {
    Map<String, String> seen = new HashMap<>();
    for (String name : columns.fieldNames()) {
      String other = seen.put(caseSensitive ? name : name.toLowerCase(Locale.ROOT), name);
      if (other != null) {
        throw new IllegalArgumentException(
            "The columns '"
                + other
                + "' and '"
                + name
                + "' have the same name"
                + (caseSensitive ? "" : " (spark.sql.caseSensitive is false)")
                + ": rename one of them");
      }
    }
  }

  /**
   * The places of columns among others.
   *
   * @throws IllegalArgumentException if one is not there, or is named twice
   */
  public static List<Integer> resolve(
      StructType columns, List<String> names, boolean caseSensitive) {
    return resolve("the key", columns, names, caseSensitive);
  }

  /**
   * The places of columns that {@code what} names; see {@link #resolve(StructType, List, boolean)}.
   */
  public static List<Integer> resolve(
      String what, StructType columns, List<String> names, boolean caseSensitive) {
    List<Integer> places = new ArrayList<>();
    for (String name : names) {
      int found = -1;
      String[] existing = columns.fieldNames();
      for (int i = 0; i < existing.length; i++) {
        if (caseSensitive ? existing[i].equals(name) : existing[i].equalsIgnoreCase(name)) {
          found = i;
        }
      }
      if (found < 0) {
        throw new IllegalArgumentException(
            "The column '"
                + name
                + "' of "
                + what
                + " is no column of the data; its columns are "
                + String.join(", ", existing)
                + ". Name a top-level one");
      }
      if (places.contains(found)) {
        throw new IllegalArgumentException(
            "The key names the column '" + name + "' twice: " + String.join(", ", names));
      }
      places.add(found);
    }
    return places;
  }

  /**
   * A column of Spark's as one of the engine's; its ids mean nothing.
   *
   * @throws IllegalArgumentException if its type cannot be stored
   */
  static Column toEngine(StructField field) {
    return new ToEngineTypes(0).columns(new StructType(new StructField[] {field})).get(0);
  }

  /** A table's schema for Spark. */
  public static StructType toSpark(Schema schema) {
    return ToSparkTypes.struct(schema.columns());
  }

  /** Columns of a table, or parts of them, for Spark. */
  public static StructType toSpark(List<Column> columns) {
    return ToSparkTypes.struct(columns);
  }

  /** A column's type for Spark. */
  public static DataType toSpark(ColumnType type) {
    return ToSparkTypes.type(type);
  }

  /** The key as the option that would make it, such as {@code primaryKey 'a,b'}. */
  public static String describeKey(Schema schema) {
    List<String> names = schema.keyColumns().stream().map(Column::name).toList();
    return (schema.key().isUnique() ? "primaryKey '" : "sortKey '") + String.join(",", names) + "'";
  }
}
