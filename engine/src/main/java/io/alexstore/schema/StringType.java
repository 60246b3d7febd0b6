package io.alexstore.schema;

import java.util.Objects;

/**
 * A UTF-8 string.
 *
 * @param collation how strings compare, by Spark's name; anything but {@link #BINARY_COLLATION} may
 *     not be part of a key, and is never used to skip data
 */
public record StringType(String collation) implements ColumnType {
  /** Strings that compare by their bytes. */
  public static final String BINARY_COLLATION = "UTF8_BINARY";

  /** A string that compares by its bytes. */
  public static final StringType BINARY_ORDER = new StringType(BINARY_COLLATION);

  /** Checks that there is a collation. */
  public StringType {
    Objects.requireNonNull(collation, "collation");
  }

  /** Whether equal strings have equal bytes and order is the order of the bytes. */
  public boolean isBinaryOrder() {
    return collation.equals(BINARY_COLLATION);
  }

  @Override
  public PhysicalType physical() {
    return PhysicalType.BYTES;
  }
}
