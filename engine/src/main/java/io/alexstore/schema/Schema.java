package io.alexstore.schema;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * The columns of a table and its key. Immutable.
 *
 * @param id the schema's number in the table, from 0
 * @param columns the top-level columns in order
 * @param key the key; its columns are top-level columns of this schema
 * @param lastColumnId the highest column id ever given out in the table, nested ids included
 * @param checks what every row fulfils
 */
public record Schema(
    int id, List<Column> columns, TableKey key, int lastColumnId, List<CheckConstraint> checks) {

  /** A schema without CHECK constraints. */
  public Schema(int id, List<Column> columns, TableKey key, int lastColumnId) {
    this(id, columns, key, lastColumnId, List.of());
  }

  /**
   * Checks that ids are unique and that the columns exist of the key and the constraints.
   *
   * @throws IllegalArgumentException if not
   */
  public Schema {
    columns = List.copyOf(columns);
    checks = List.copyOf(checks);
    Objects.requireNonNull(key, "key");
    Set<Integer> ids = new HashSet<>();
    for (Column column : columns) {
      collectIds(column.id(), column.type(), ids);
    }
    for (int columnId : ids) {
      if (columnId < 1 || columnId > lastColumnId) {
        throw new IllegalArgumentException(
            "column id " + columnId + " is not in 1 to lastColumnId " + lastColumnId);
      }
    }
    for (int columnId : key.columnIds()) {
      if (columns.stream().noneMatch(c -> c.id() == columnId)) {
        throw new IllegalArgumentException("key column id " + columnId + " is no top-level column");
      }
    }
    Set<String> names = new HashSet<>();
    for (CheckConstraint check : checks) {
      if (!names.add(check.name().toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException(
            "There are two constraints '" + check.name() + "'; give one another name");
      }
      if (!ids.containsAll(check.columnIds())) {
        throw new IllegalArgumentException(
            "The CHECK constraint '"
                + check.name()
                + "' ("
                + check.expression()
                + ") names a column that the schema does not have");
      }
    }
  }

  /** The same schema under another number, with other CHECK constraints. */
  public Schema withChecks(int newId, List<CheckConstraint> others) {
    return new Schema(newId, columns, key, lastColumnId, others);
  }

  private static void collectIds(int id, ColumnType type, Set<Integer> ids) {
    if (!ids.add(id)) {
      throw new IllegalArgumentException("column id " + id + " is used twice");
    }
    if (type instanceof StructType struct) {
      for (Column field : struct.fields()) {
        collectIds(field.id(), field.type(), ids);
      }
    } else if (type instanceof ListType list) {
      collectIds(list.elementId(), list.element(), ids);
    } else if (type instanceof MapType map) {
      collectIds(map.keyId(), map.key(), ids);
      collectIds(map.valueId(), map.value(), ids);
    }
  }

  /** The place of the top-level column with an id, or -1. */
  public int indexOf(int columnId) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).id() == columnId) {
        return i;
      }
    }
    return -1;
  }

  /** The place of the top-level column with exactly this name, or -1. */
  public int indexOf(String name) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /** The key's columns in the key's order. */
  public List<Column> keyColumns() {
    return key.columnIds().stream().map(id -> columns.get(indexOf(id))).toList();
  }

  /** The places of the key's columns among the columns, in the key's order. */
  public int[] keyIndexes() {
    return key.columnIds().stream().mapToInt(this::indexOf).toArray();
  }
}
