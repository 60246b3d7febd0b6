package io.alexstore.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The schema that replaces all of another, together with all rows: a column that has the name and
 * the type of one that was there keeps its ids, every other column gets new ones, so that no id is
 * ever used for two columns.
 */
public final class SchemaReplacement {

  private SchemaReplacement() {}

  /**
   * The replacement.
   *
   * @param old the schema that the table has
   * @param fresh the columns and the key that it is to have; its ids only say which columns are the
   *     key
   * @param id the replacement's number
   * @return {@code old} itself if it says the same already
   */
  public static Schema of(Schema old, Schema fresh, int id) {
    ColumnIds ids = new ColumnIds(old.lastColumnId());
    List<Column> columns = new ArrayList<>();
    for (Column column : fresh.columns()) {
      columns.add(column(old, column, ids));
    }
    List<Integer> key = new ArrayList<>();
    for (int place : fresh.keyIndexes()) {
      key.add(columns.get(place).id());
    }
    TableKey newKey = new TableKey(fresh.key().kind(), key);
    Map<Integer, Integer> newIds = new HashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      mapIds(fresh.columns().get(i), columns.get(i), newIds);
    }
    List<CheckConstraint> checks = new ArrayList<>();
    for (CheckConstraint c : fresh.checks()) {
      List<Integer> checked = c.columnIds().stream().map(newIds::get).toList();
      checks.add(new CheckConstraint(c.name(), c.dialect(), c.expression(), checked));
    }
    return columns.equals(old.columns()) && newKey.equals(old.key()) && checks.equals(old.checks())
        ? old
        : new Schema(id, columns, newKey, ids.lastId(), checks);
  }

  private static void mapIds(Column fresh, Column replaced, Map<Integer, Integer> newIds) {
    newIds.put(fresh.id(), replaced.id());
    if (fresh.type() instanceof StructType a && replaced.type() instanceof StructType b) {
      for (int i = 0; i < a.fields().size(); i++) {
        mapIds(a.fields().get(i), b.fields().get(i), newIds);
      }
    }
  }

  private static Column column(Schema old, Column fresh, ColumnIds ids) {
    int place = old.indexOf(fresh.name());
    if (place >= 0) {
      Column before = old.columns().get(place);
      if (ColumnIds.same(before.type(), fresh.type())) {
        return new Column(
            before.id(),
            fresh.name(),
            before.type(),
            fresh.nullable(),
            fresh.metadata(),
            Optional.empty());
      }
    }
    return ids.renumber(fresh);
  }
}
