package io.alexstore.row;

import io.alexstore.schema.Column;
import io.alexstore.schema.Schema;
import io.alexstore.schema.Values;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;

/**
 * A row in memory, made from Java objects. Immutable, as long as nobody changes the byte arrays
 * that it was made from.
 */
public final class ArrayRow implements Row {
  private final Schema schema;
  private final ArrayValues values;

  private ArrayRow(Schema schema, ArrayValues values) {
    this.schema = schema;
    this.values = values;
  }

  /**
   * A row from one Java object for each column, in the forms that {@link
   * io.alexstore.schema.JavaValues} lists; null for a null.
   *
   * @throws IllegalArgumentException if number or types do not fit, an integer is too wide for its
   *     column, or a column that is not nullable is null; the message names column, type and value
   */
  public static ArrayRow of(Schema schema, Object... objects) {
    List<Column> columns = schema.columns();
    if (objects.length != columns.size()) {
      throw new IllegalArgumentException(
          "The schema has "
              + columns.size()
              + " columns, "
              + columns.stream().map(Column::name).toList()
              + "; "
              + objects.length
              + " values were given");
    }
    return new ArrayRow(schema, ArrayValues.ofColumns(columns, Arrays.asList(objects)));
  }

  /** A copy of a row, which stays valid. */
  public static ArrayRow copyOf(Row row) {
    return copyOf(row.schema(), row);
  }

  /** A copy of the values of a row of a schema, which stays valid. */
  public static ArrayRow copyOf(Schema schema, Values row) {
    return new ArrayRow(schema, ArrayValues.copyOfColumns(schema.columns(), row));
  }

  @Override
  public Schema schema() {
    return schema;
  }

  @Override
  public int size() {
    return values.size();
  }

  @Override
  public boolean isNull(int i) {
    return values.isNull(i);
  }

  @Override
  public long getLong(int i) {
    return values.getLong(i);
  }

  @Override
  public float getFloat(int i) {
    return values.getFloat(i);
  }

  @Override
  public double getDouble(int i) {
    return values.getDouble(i);
  }

  @Override
  public BigInteger getBigInteger(int i) {
    return values.getBigInteger(i);
  }

  @Override
  public byte[] getBytes(int i) {
    return values.getBytes(i);
  }

  @Override
  public Values getStruct(int i) {
    return values.getStruct(i);
  }

  @Override
  public Values getList(int i) {
    return values.getList(i);
  }

  @Override
  public Values getMapKeys(int i) {
    return values.getMapKeys(i);
  }

  @Override
  public Values getMapValues(int i) {
    return values.getMapValues(i);
  }

  /** The columns with their values, such as {@code {id=1, name=x}}. */
  @Override
  public String toString() {
    return Row.toString(this);
  }

  /**
   * Whether the other is an {@code ArrayRow} of an equal schema with the same values, bit by bit.
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof ArrayRow o && schema.equals(o.schema) && values.equals(o.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }
}
