package io.alexstore.schema;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The columns of a table and its key. Immutable.
 *
 * @param id the schema's number in the table, from 0
 * @param columns the top-level columns in order
 * @param key the key; its columns are top-level columns of this schema
 * @param lastColumnId the highest column id ever given out in the table, nested ids included
 */
public record Schema(int id, List<Column> columns, TableKey key, int lastColumnId) {

  /**
   * Checks that ids are unique and that the key's columns exist.
   *
   * @throws IllegalArgumentException if not
   */
  public Schema {
    columns = List.copyOf(columns);
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
