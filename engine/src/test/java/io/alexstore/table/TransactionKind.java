package io.alexstore.table;

import io.alexstore.commit.OnConflict;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** What a transaction does to the rows with some keys, by a model: a map from keys to values. */
enum TransactionKind {
  APPEND((rows, by, keys, isUnique) -> put(rows, by, keys, isUnique ? OnConflict.ERROR : null)),
  UPSERT((rows, by, keys, isUnique) -> put(rows, by, keys, OnConflict.UPDATE)),
  IGNORE((rows, by, keys, isUnique) -> put(rows, by, keys, OnConflict.IGNORE)),
  UPDATE(
      (rows, by, keys, isUnique) ->
          change(rows, keys, old -> old.stream().map(value -> by).toList())),
  DELETE_ROWS((rows, by, keys, isUnique) -> change(rows, keys, old -> null)),
  DELETE_KEYS((rows, by, keys, isUnique) -> change(rows, keys, old -> null)),
  OVERWRITE((rows, by, keys, isUnique) -> put(new TreeMap<>(), by, keys, null)),
  OVERWRITE_RANGE(
      (rows, by, keys, isUnique) -> {
        SortedMap<Long, List<String>> others = new TreeMap<>(rows);
        others.subMap(keys.get(0), keys.get(keys.size() - 1) + 1).clear();
        return put(others, by, keys, null);
      }),
  COMPACT((rows, by, keys, isUnique) -> rows);

  private interface Model {
    SortedMap<Long, List<String>> apply(
        SortedMap<Long, List<String>> rows, String by, List<Long> keys, boolean isUnique);
  }

  private final Model model;

  TransactionKind(Model model) {
    this.model = model;
  }

  /** Whether a table with a sort key knows it, too. */
  boolean isOfSortKey() {
    return this != UPSERT && this != IGNORE;
  }

  /**
   * The rows after it; null if it is refused.
   *
   * @param rows for each key the values of its rows, sorted
   * @param by the value of new rows
   * @param keys in ascending order
   * @param isUnique whether the key is a primary key
   */
  SortedMap<Long, List<String>> apply(
      SortedMap<Long, List<String>> rows, String by, List<Long> keys, boolean isUnique) {
    return rows == null ? null : model.apply(rows, by, keys, isUnique);
  }

  /**
   * Adds a row for each key; null as {@code onConflict} says that rows with one key may be many.
   */
  private static SortedMap<Long, List<String>> put(
      SortedMap<Long, List<String>> rows, String by, List<Long> keys, OnConflict onConflict) {
    SortedMap<Long, List<String>> after = new TreeMap<>(rows);
    for (long key : keys) {
      List<String> old = after.getOrDefault(key, List.of());
      if (old.isEmpty() || onConflict == OnConflict.UPDATE) {
        after.put(key, List.of(by));
      } else if (onConflict == OnConflict.ERROR) {
        return null;
      } else if (onConflict == null) {
        List<String> more = new ArrayList<>(old);
        more.add(by);
        more.sort(null);
        after.put(key, more);
      }
    }
    return after;
  }

  /** Changes the rows of those keys that are there. */
  private static SortedMap<Long, List<String>> change(
      SortedMap<Long, List<String>> rows, List<Long> keys, UnaryOperator<List<String>> change) {
    SortedMap<Long, List<String>> after = new TreeMap<>(rows);
    keys.forEach(key -> after.computeIfPresent(key, (k, old) -> change.apply(old)));
    return after;
  }
}
