package io.alexstore.schema;

import java.util.Locale;
import java.util.stream.Collectors;

/** The names of types as errors and listings show them. */
public final class TypeNames {
  private TypeNames() {}

  /** A readable name, such as {@code decimal(10,2)} or {@code list<struct<a: int>>}. */
  public static String name(ColumnType type) {
    if (type instanceof ScalarType scalar) {
      return scalar.name().toLowerCase(Locale.ROOT);
    } else if (type instanceof DecimalType decimal) {
      return "decimal(" + decimal.precision() + "," + decimal.scale() + ")";
    } else if (type instanceof StringType string) {
      return string.isBinaryOrder() ? "string" : "string collate " + string.collation();
    } else if (type instanceof TimeType time) {
      return "time(" + time.precision() + ")";
    } else if (type instanceof IntervalType interval) {
      String start = interval.start().name().toLowerCase(Locale.ROOT);
      return interval.start() == interval.end()
          ? "interval " + start
          : "interval " + start + " to " + interval.end().name().toLowerCase(Locale.ROOT);
    } else if (type instanceof ListType list) {
      return "list<" + name(list.element()) + ">";
    } else if (type instanceof MapType map) {
      return "map<" + name(map.key()) + ", " + name(map.value()) + ">";
    }
    return ((StructType) type)
        .fields().stream()
            .map(f -> f.name() + ": " + name(f.type()))
            .collect(Collectors.joining(", ", "struct<", ">"));
  }
}
