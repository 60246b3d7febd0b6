package io.alexstore.schema;

import java.util.List;

/**
 * Named fields.
 *
 * @param fields the fields in order, each with an id of its own
 */
public record StructType(List<Column> fields) implements ColumnType {
  /** Copies the list. */
  public StructType {
    fields = List.copyOf(fields);
  }

  @Override
  public PhysicalType physical() {
    return PhysicalType.STRUCT;
  }
}
