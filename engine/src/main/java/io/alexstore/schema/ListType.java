package io.alexstore.schema;

import java.util.Objects;

/**
 * A list of elements.
 *
 * @param elementId the id of the element column, unique in the table
 * @param element the type of an element
 * @param elementNullable whether an element may be null
 */
public record ListType(int elementId, ColumnType element, boolean elementNullable)
    implements ColumnType {
  /** Checks that there is an element type. */
  public ListType {
    Objects.requireNonNull(element, "element");
  }

  @Override
  public PhysicalType physical() {
    return PhysicalType.LIST;
  }
}
