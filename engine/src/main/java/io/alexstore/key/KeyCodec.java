package io.alexstore.key;

import io.alexstore.error.NullKeyException;
import io.alexstore.error.RowTooLargeException;
import io.alexstore.key.KeyColumn.Coding;
import io.alexstore.schema.Column;
import io.alexstore.schema.JavaValues;
import io.alexstore.schema.Schema;
import io.alexstore.schema.TypeNames;
import io.alexstore.schema.Values;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Encodes the keys of a table so that they sort as Spark sorts the key's columns. The form and
 * every byte are specified in docs/format/key.md.
 *
 * <p>A key is encoded either as a signed 64-bit integer ({@link KeyForm#LONG}) or as bytes that
 * compare unsigned ({@link KeyForm#BYTES}). {@link KeyReader} decodes; it inverts encoding up to
 * Spark's equality: -0.0 comes back as 0.0, every NaN as one NaN.
 *
 * <p>Immutable and thread-safe. Encoding from {@link Values} allocates nothing once the buffer has
 * grown, but for decimals of more than 18 digits.
 */
public final class KeyCodec {
  /** The version of the encoding, which segments and log entries name. */
  public static final int VERSION = 1;

  /** The most bytes that the encoded key of a stored row may take. */
  public static final int MAX_KEY_BYTES = 32 * 1024;

  private final List<Column> columns;
  private final KeyColumn[] plan;
  private final boolean unique;
  private final KeyForm form;
  private final int fixedLength;

  private KeyCodec(List<Column> columns, KeyColumn[] plan, boolean unique) {
    this.columns = columns;
    this.plan = plan;
    this.unique = unique;
    this.form =
        plan.length == 1 && !plan[0].nullable() && columns.get(0).type().physical().isIntegral()
            ? KeyForm.LONG
            : KeyForm.BYTES;
    KeyColumn last = plan[plan.length - 1];
    this.fixedLength = last.offset() < 0 || last.width() == 0 ? -1 : last.offset() + last.width();
  }

  /**
   * The codec of a schema's key.
   *
   * @throws IllegalArgumentException if a column's type cannot be part of a key; the message names
   *     the column, the reason and what to do
   */
  public static KeyCodec of(Schema schema) {
    List<Column> columns = schema.keyColumns();
    int[] rows = schema.keyIndexes();
    boolean unique = schema.key().isUnique();
    KeyColumn[] plan = new KeyColumn[columns.size()];
    int offset = 0;
    for (int i = 0; i < plan.length; i++) {
      Column column = columns.get(i);
      Coding coding = KeyColumn.coding(column, i == plan.length - 1);
      plan[i] = new KeyColumn(column, rows[i], coding, !unique && column.nullable(), offset);
      offset = offset < 0 || plan[i].width() == 0 ? -1 : offset + plan[i].width();
    }
    return new KeyCodec(columns, plan, unique);
  }

  /** Which of the two forms the keys have. */
  public KeyForm form() {
    return form;
  }

  /** Whether a key stands in the table at most once. */
  public boolean isUnique() {
    return unique;
  }

  /** The key's columns in the key's order. */
  public List<Column> columns() {
    return columns;
  }

  /** The number of key columns. */
  public int columnCount() {
    return plan.length;
  }

  /** Whether the i-th key column may be null: in a sort key only. */
  public boolean isNullable(int i) {
    return plan[i].nullable();
  }

  /**
   * The length in bytes of every key, where all columns have a fixed width; otherwise -1. 8 for
   * {@link KeyForm#LONG}.
   */
  public int fixedLength() {
    return fixedLength;
  }

  /**
   * Where the value of the i-th key column begins in every encoded key, behind its null marker if
   * it has one; -1 if that differs from key to key. See {@link KeyBytes} to read it there.
   */
  public int fixedOffset(int i) {
    return plan[i].offset() < 0 ? -1 : plan[i].offset() + (plan[i].nullable() ? 1 : 0);
  }

  KeyColumn column(int i) {
    return plan[i];
  }

  // ---- encoding rows

  /**
   * The key of a row, for {@link KeyForm#LONG}.
   *
   * @param row a row of the schema
   * @throws NullKeyException if the column is null in a primary key
   */
  public long encodeLong(Values row) {
    requireForm(KeyForm.LONG);
    int place = plan[0].row();
    if (row.isNull(place)) {
      throw nullKey(plan[0]);
    }
    return row.getLong(place);
  }

  /**
   * Appends the key of a row, for {@link KeyForm#BYTES}. After an error the buffer is as before.
   *
   * @param row a row of the schema
   * @param out where to append
   * @throws NullKeyException if a column of a primary key is null
   * @throws RowTooLargeException if the key takes more than {@link #MAX_KEY_BYTES}
   */
  public void encode(Values row, KeyBuffer out) {
    requireForm(KeyForm.BYTES);
    int start = out.length();
    for (KeyColumn column : plan) {
      int place = column.row();
      if (row.isNull(place) && !column.nullable()) {
        out.truncate(start);
        throw nullKey(column);
      }
      putPart(column, row, place, out);
    }
    int length = out.length() - start;
    if (length > MAX_KEY_BYTES) {
      String key = format(out.array(), start, length);
      out.truncate(start);
      throw new RowTooLargeException("key " + key, length, MAX_KEY_BYTES);
    }
  }

  /**
   * Appends the bytes that the keys begin with whose first columns have some values; for {@link
   * KeyForm#BYTES}. Longer ones than any stored key's are encoded too: a lookup finds nothing.
   *
   * @param parts values of the key's columns, in the key's order, none of them null unless {@link
   *     #isNullable}
   * @param count how many columns, at most all; then these are the key's bytes
   * @param out where to append
   */
  public void encodePrefix(Values parts, int count, KeyBuffer out) {
    requireForm(KeyForm.BYTES);
    for (int i = 0; i < count; i++) {
      putPart(plan[i], parts, i, out);
    }
  }

  private static void putPart(KeyColumn column, Values values, int place, KeyBuffer out) {
    if (values.isNull(place)) {
      out.putZeros(1 + column.coding().width);
      return;
    }
    if (column.nullable()) {
      out.put(1);
    }
    switch (column.coding()) {
      case BOOLEAN -> out.put((int) values.getLong(place));
      case INTEGER -> out.putLong(KeyBytes.flip(values.getLong(place)));
      case FLOAT -> out.putInt(KeyBytes.sortable(values.getFloat(place)));
      case DOUBLE -> out.putLong(KeyBytes.sortable(values.getDouble(place)));
      case INT128 -> KeyBytes.putInt128(out, values.getBigInteger(place));
      case ESCAPED -> {
        KeyBytes.putEscaped(out, values.getBytes(place));
        out.put(0);
        out.put(KeyBytes.END);
      }
      case RAW -> {
        byte[] bytes = values.getBytes(place);
        out.put(bytes, 0, bytes.length);
      }
    }
  }

  private RuntimeException nullKey(KeyColumn column) {
    String name = column.column().name();
    return unique
        ? new NullKeyException(name)
        : new IllegalArgumentException(
            "Null in sort key column '" + name + "', which is declared NOT NULL");
  }

  // ---- encoding Java objects

  /**
   * A key from a Java object, for {@link KeyForm#LONG}.
   *
   * @param part the column's value, in a Java form that {@link JavaValues} lists
   * @throws IllegalArgumentException if it does not fit; the message names column, type and value
   */
  public long encodeLong(Object part) {
    requireForm(KeyForm.LONG);
    return (Long) physical(0, part);
  }

  /**
   * A key from Java objects, for {@link KeyForm#BYTES}. Keys longer than any stored key are encoded
   * too: a lookup of them finds nothing.
   *
   * @param parts one value for each key column, in Java forms that {@link JavaValues} lists; null
   *     for a null in a sort key
   * @throws IllegalArgumentException if number or type do not fit; the message names column, type
   *     and value
   */
  public byte[] encode(Object... parts) {
    if (parts.length != plan.length) {
      throw new IllegalArgumentException(
          "The key has " + describeColumns() + "; " + parts.length + " values were given");
    }
    return encodePrefix(Arrays.asList(parts));
  }

  /**
   * The bytes that the keys begin with whose first columns have some values; for {@link
   * KeyForm#BYTES}.
   *
   * @param parts values for the first key columns, at most all; then these are the key's bytes
   * @throws IllegalArgumentException as for {@link #encode(Object...)}
   */
  public byte[] encodePrefix(List<?> parts) {
    requireForm(KeyForm.BYTES);
    if (parts.size() > plan.length) {
      throw new IllegalArgumentException(
          "The key has " + describeColumns() + "; " + parts.size() + " values were given");
    }
    KeyBuffer out = new KeyBuffer();
    for (int i = 0; i < parts.size(); i++) {
      putPart(out, i, parts.get(i));
    }
    return out.toByteArray();
  }

  private void putPart(KeyBuffer out, int i, Object part) {
    KeyColumn column = plan[i];
    Object value = physical(i, part);
    if (value == null) {
      out.putZeros(1 + column.coding().width);
      return;
    }
    if (column.nullable()) {
      out.put(1);
    }
    switch (column.coding()) {
      case BOOLEAN -> out.put(((Long) value).intValue());
      case INTEGER -> out.putLong(KeyBytes.flip((Long) value));
      case FLOAT -> out.putInt(KeyBytes.sortable((Float) value));
      case DOUBLE -> out.putLong(KeyBytes.sortable((Double) value));
      case INT128 -> KeyBytes.putInt128(out, (BigInteger) value);
      case ESCAPED -> {
        KeyBytes.putEscaped(out, (byte[]) value);
        out.put(0);
        out.put(KeyBytes.END);
      }
      case RAW -> out.put((byte[]) value, 0, ((byte[]) value).length);
    }
  }

  private Object physical(int i, Object part) {
    Column column = columns.get(i);
    if (part == null) {
      if (plan[i].nullable()) {
        return null;
      }
      throw new IllegalArgumentException(
          "Key column '"
              + column.name()
              + "' of type "
              + TypeNames.name(column.type())
              + " was given null, but it is never null");
    }
    return JavaValues.toPhysical(column.name(), column.type(), part);
  }

  private String describeColumns() {
    List<String> names = new ArrayList<>();
    for (Column column : columns) {
      names.add(column.name() + " " + TypeNames.name(column.type()));
    }
    int n = names.size();
    return n + (n == 1 ? " column (" : " columns (") + String.join(", ", names) + ")";
  }

  private void requireForm(KeyForm wanted) {
    if (form != wanted) {
      throw new IllegalStateException(
          "The key with " + describeColumns() + " has the form " + form + ", not " + wanted);
    }
  }

  // ---- ranges

  /**
   * The keys in a range of values.
   *
   * @throws IllegalArgumentException if a bound does not fit the key's columns
   */
  public KeyRanges ranges(KeyRange range) {
    EncodedRange encoded =
        form == KeyForm.LONG ? RangeEncoder.toLong(this, range) : RangeEncoder.toBytes(this, range);
    return encoded == null ? KeyRanges.none(form) : KeyRanges.of(form, List.of(encoded));
  }

  /** The keys that are in any of some ranges of values. */
  public KeyRanges ranges(List<KeyRange> ranges) {
    List<EncodedRange> encoded = new ArrayList<>(ranges.size());
    for (KeyRange range : ranges) {
      encoded.addAll(ranges(range).list());
    }
    return KeyRanges.of(form, encoded);
  }

  // ---- decoding

  /** A new reader of encoded keys, for one thread. */
  public KeyReader reader() {
    return new KeyReader(this);
  }

  /** The values of a key, in the Java forms of {@link JavaValues}. For {@link KeyForm#LONG}. */
  public List<Object> decode(long key) {
    requireForm(KeyForm.LONG);
    return toJava(reader().reset(key));
  }

  /** The values of a key, in the Java forms of {@link JavaValues}. For {@link KeyForm#BYTES}. */
  public List<Object> decode(byte[] key) {
    requireForm(KeyForm.BYTES);
    return toJava(reader().reset(key, 0, key.length));
  }

  private List<Object> toJava(KeyReader reader) {
    List<Object> parts = new ArrayList<>(plan.length);
    for (int i = 0; i < plan.length; i++) {
      parts.add(JavaValues.toJava(columns.get(i).type(), reader, i));
    }
    return parts;
  }

  /** A key as people read it, such as {@code (id=42)}; long values are cut. */
  public String format(long key) {
    requireForm(KeyForm.LONG);
    return KeyFormat.format(this, reader().reset(key), plan.length);
  }

  /** A key as people read it, such as {@code (o='x', n=3)}; long values are cut. */
  public String format(byte[] key) {
    return format(key, 0, key.length);
  }

  /** A key as people read it, such as {@code (o='x', n=3)}; long values are cut. */
  public String format(byte[] key, int offset, int length) {
    requireForm(KeyForm.BYTES);
    return KeyFormat.format(this, reader().reset(key, offset, length), plan.length);
  }

  /** The key of a row as people read it, such as {@code (id=42)}; long values are cut. */
  public String formatRow(Values row) {
    return KeyFormat.formatRow(this, row);
  }
}
