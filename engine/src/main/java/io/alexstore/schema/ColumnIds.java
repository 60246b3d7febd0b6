package io.alexstore.schema;

import java.util.ArrayList;
import java.util.List;

/**
 * Gives out column ids, nested ones included: in preorder, each above all that were given out
 * before, so that no id is ever used for two columns. Ids that stand in what is given are replaced.
 * Not thread-safe.
 */
final class ColumnIds {

  private int lastId;

  /** Gives out ids above one that is taken; 0 for a new table. */
  ColumnIds(int lastId) {
    this.lastId = lastId;
  }

  /** The highest id that is taken. */
  int lastId() {
    return lastId;
  }

  /** The same column with new ids. */
  Column renumber(Column c) {
    int id = ++lastId;
    return new Column(
        id, c.name(), renumber(c.type()), c.nullable(), c.metadata(), c.addedDefault());
  }

  private ColumnType renumber(ColumnType type) {
    if (type instanceof StructType struct) {
      List<Column> fields = new ArrayList<>();
      for (Column field : struct.fields()) {
        fields.add(renumber(field));
      }
      return new StructType(fields);
    } else if (type instanceof ListType list) {
      int id = ++lastId;
      return new ListType(id, renumber(list.element()), list.elementNullable());
    } else if (type instanceof MapType map) {
      int keyId = ++lastId;
      ColumnType key = renumber(map.key());
      int valueId = ++lastId;
      return new MapType(keyId, key, valueId, renumber(map.value()), map.valueNullable());
    }
    return type;
  }

  /** Whether two types are the same but for their ids. */
  static boolean same(ColumnType a, ColumnType b) {
    return new ColumnIds(0).renumber(a).equals(new ColumnIds(0).renumber(b));
  }
}
