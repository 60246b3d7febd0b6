package io.alexstore.spark.convert;

import io.alexstore.schema.Column;
import io.alexstore.schema.ColumnType;
import io.alexstore.schema.ListType;
import io.alexstore.schema.MapType;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Leaves out the columns, and in structs at any depth the fields, that a query does not read. What
 * is left keeps its ids, by which a reader finds it in a segment.
 */
public final class ColumnPruning {

  private ColumnPruning() {}

  /**
   * The columns that Spark asks for, in its order, with the fields that it asks for.
   *
   * @param columns a table's columns
   * @param required what Spark asks for: columns of the table by name, whose types have only some
   *     of the table's fields
   * @throws IllegalArgumentException if it asks for what the table does not have
   */
  public static List<Column> prune(List<Column> columns, StructType required) {
    List<Column> pruned = new ArrayList<>();
    for (StructField field : required.fields()) {
      Column column = find(columns, field.name());
      ColumnType type = prune(column.type(), field.dataType());
      pruned.add(
          new Column(
              column.id(),
              column.name(),
              type,
              column.nullable(),
              column.metadata(),
              column.addedDefault()));
    }
    return pruned;
  }

  /** Spark asks by the table's own spelling, whatever the query's was; so by no other. */
  private static Column find(List<Column> columns, String name) {
    return columns.stream()
        .filter(column -> column.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Spark asks for '"
                        + name
                        + "', which is not among "
                        + columns.stream().map(Column::name).toList()));
  }

  private static ColumnType prune(ColumnType type, DataType required) {
    if (type instanceof io.alexstore.schema.StructType struct
        && required instanceof StructType fields) {
      return new io.alexstore.schema.StructType(prune(struct.fields(), fields));
    } else if (type instanceof ListType list && required instanceof ArrayType array) {
      return new ListType(
          list.elementId(), prune(list.element(), array.elementType()), list.elementNullable());
    } else if (type instanceof MapType map
        && required instanceof org.apache.spark.sql.types.MapType some) {
      return new MapType(
          map.keyId(),
          prune(map.key(), some.keyType()),
          map.valueId(),
          prune(map.value(), some.valueType()),
          map.valueNullable());
    }
    return type;
  }
}
