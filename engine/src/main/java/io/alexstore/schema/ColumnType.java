package io.alexstore.schema;

/**
 * The type of a column, or of a nested field, element, key or value. The set is closed; each type
 * says how its values are stored ({@link #physical()}).
 */
public sealed interface ColumnType
    permits ScalarType,
        DecimalType,
        StringType,
        TimeType,
        IntervalType,
        StructType,
        ListType,
        MapType {

  /** How values of this type are stored. */
  PhysicalType physical();
}
