package io.alexstore.spark.soak;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.StructType;

/** The columns and the key of a random table, and random rows for it. */
final class SoakSchema {

  /** A column. */
  record Column(String name, SoakType type, boolean nullable) {
    /** A literal of the column's type. */
    String literal(Object value) {
      return type.literal(value);
    }
  }

  private static final List<SoakType> KEY_TYPES =
      List.of(
          SoakType.INT,
          SoakType.BIGINT,
          SoakType.STRING,
          SoakType.INT,
          SoakType.BIGINT,
          SoakType.STRING,
          SoakType.SMALLINT,
          SoakType.DATE,
          SoakType.DECIMAL,
          SoakType.DOUBLE,
          SoakType.BINARY);

  /** About how many keys collide with one another. */
  private static final int KEYS = 60;

  final boolean unique;
  final List<Column> columns;

  /** The places of the key's columns among the columns, in the key's order. */
  final List<Integer> key;

  SoakSchema(Random random) {
    unique = random.nextInt(3) != 0;
    List<Column> all = new ArrayList<>();
    int keySize = random.nextBoolean() ? 1 : 2 + random.nextInt(2);
    for (int i = 0; i < keySize; i++) {
      boolean flag = keySize > 1 && random.nextInt(8) == 0;
      SoakType type = flag ? SoakType.BOOLEAN : KEY_TYPES.get(random.nextInt(KEY_TYPES.size()));
      all.add(new Column("k" + i, type, !unique && random.nextBoolean()));
    }
    List<Column> keyColumns = List.copyOf(all);
    all.add(new Column("v", SoakType.INT, true));
    all.add(new Column("s", SoakType.STRING, true));
    if (random.nextBoolean()) {
      all.add(new Column("n", SoakType.STRUCT, true));
    }
    if (random.nextInt(3) == 0) {
      all.add(new Column("m", SoakType.MAP, true));
    }
    if (random.nextInt(3) == 0) {
      all.add(new Column("d", KEY_TYPES.get(random.nextInt(KEY_TYPES.size())), true));
    }
    if (random.nextBoolean()) {
      Collections.shuffle(all, random);
    }
    columns = List.copyOf(all);
    key = keyColumns.stream().map(columns::indexOf).toList();
  }

  String createTable(String table, int targetSegmentSize) {
    return "CREATE TABLE "
        + table
        + columns.stream()
            .map(c -> c.name() + " " + c.type().sql() + (c.nullable() ? "" : " NOT NULL"))
            .collect(Collectors.joining(", ", " (", ")"))
        + " TBLPROPERTIES ('"
        + (unique ? "primaryKey" : "sortKey")
        + "' = '"
        + key.stream().map(i -> columns.get(i).name()).collect(Collectors.joining(","))
        + "', 'targetSegmentSize' = '"
        + targetSegmentSize
        + "')";
  }

  StructType sparkSchema() {
    return StructType.fromDDL(
        columns.stream()
            .map(c -> c.name() + " " + c.type().sql())
            .collect(Collectors.joining(", ")));
  }

  int indexOf(String name) {
    return names().indexOf(name);
  }

  List<String> names() {
    return columns.stream().map(Column::name).toList();
  }

  boolean isKey(int column) {
    return key.contains(column);
  }

  List<Object> keyOf(List<Object> row) {
    return key.stream().map(row::get).collect(Collectors.toCollection(ArrayList::new));
  }

  /** Whether the key is unique and stands in two of some rows. */
  boolean hasDuplicates(List<List<Object>> rows) {
    Set<List<Object>> keys = new HashSet<>();
    return unique && rows.stream().anyMatch(row -> !keys.add(keyOf(row)));
  }

  /** The order of keys in a table. */
  Comparator<List<Object>> order() {
    Comparator<List<Object>> order = by(key.get(0));
    for (int i : key.subList(1, key.size())) {
      order = order.thenComparing(by(i));
    }
    return order;
  }

  private static Comparator<List<Object>> by(int column) {
    return Comparator.comparing(row -> row.get(column), SoakSchema::compare);
  }

  /** Compares two values of one type; a null is the least. */
  @SuppressWarnings("unchecked") // Values of the model are comparable with those of their column.
  static int compare(Object a, Object b) {
    if (a == null || b == null) {
      return a == b ? 0 : a == null ? -1 : 1;
    }
    return ((Comparable<Object>) a).compareTo(b);
  }

  // --- random values ---

  /** A value of a column, often one that others have too. */
  Object value(Random random, int column) {
    Column c = columns.get(column);
    if (c.nullable() && random.nextInt(isKey(column) ? 10 : 4) == 0) {
      return null;
    }
    int some = isKey(column) ? (int) Math.ceil(Math.pow(KEYS, 1.0 / key.size())) : 12;
    return c.type().value(random.nextInt(some));
  }

  /** A row whose key few others have. */
  private List<Object> farRow(Random random) {
    List<Object> row = row(random);
    for (int i : key) {
      row.set(i, columns.get(i).type().value(KEYS + random.nextInt(150)));
    }
    return row;
  }

  private List<Object> row(Random random) {
    Object[] values = new Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(random, i);
    }
    return Arrays.asList(values);
  }

  /**
   * Some rows, at least one.
   *
   * @param taken rows whose keys may be avoided
   * @param duplicates whether several may have one key
   */
  List<List<Object>> rows(Random random, List<List<Object>> taken, boolean duplicates) {
    Set<List<Object>> keys = new HashSet<>();
    if (random.nextBoolean()) {
      taken.forEach(row -> keys.add(keyOf(row)));
    }
    int count = 1 + random.nextInt(random.nextInt(12) == 0 ? 60 : 9);
    List<List<Object>> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<Object> row = row(random);
      if (keys.add(keyOf(row)) || duplicates) {
        rows.add(row);
      }
    }
    if (rows.isEmpty()) {
      rows.add(farRow(random));
    }
    return rows;
  }

  /** Rows as SQL says them: {@code VALUES (1, 'a'), ...}. */
  String values(List<List<Object>> rows) {
    return rows.stream().map(this::tuple).collect(Collectors.joining(", ", "VALUES ", ""));
  }

  private String tuple(List<Object> row) {
    List<String> literals = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      literals.add(columns.get(i).literal(row.get(i)));
    }
    return "(" + String.join(", ", literals) + ")";
  }
}
