package io.alexstore.schema;

import java.util.Objects;

/**
 * A map; its keys are never null.
 *
 * @param keyId the id of the key column, unique in the table
 * @param key the type of a key
 * @param valueId the id of the value column, unique in the table
 * @param value the type of a value
 * @param valueNullable whether a value may be null
 */
public record MapType(
    int keyId, ColumnType key, int valueId, ColumnType value, boolean valueNullable)
    implements ColumnType {
  /** Checks that there are types. */
  public MapType {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(value, "value");
  }

  @Override
  public PhysicalType physical() {
    return PhysicalType.MAP;
  }
}
