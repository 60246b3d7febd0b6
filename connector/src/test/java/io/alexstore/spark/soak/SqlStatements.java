package io.alexstore.spark.soak;

import io.alexstore.spark.SparkUnderTest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** Random statements of Spark but for MERGE: inserts, upserts, overwrites, UPDATE and DELETE. */
final class SqlStatements {

  private final SparkSession spark;
  private final SoakSchema schema;
  private final Random random;
  private final String path;
  private final RandomTerms terms;

  SqlStatements(SparkSession spark, SoakSchema schema, Random random, String path) {
    this.spark = spark;
    this.schema = schema;
    this.random = random;
    this.path = path;
    this.terms = new RandomTerms(schema, random, true);
  }

  private String table() {
    return "alexstore.`" + path + "`";
  }

  Step next(List<List<Object>> rows) {
    int kind = random.nextInt(16);
    if (kind < 5) {
      return insert(rows);
    } else if (kind < 6) {
      return insertSomeColumns(rows);
    } else if (kind < 10) {
      return delete(rows);
    } else if (kind < 14) {
      return update(rows);
    }
    return overwrite(rows);
  }

  private Step sql(String kind, String text, List<List<Object>> after) {
    return Step.of(schema, kind, text, () -> spark.sql(text), after);
  }

  // --- inserts ---

  private Step insert(List<List<Object>> rows) {
    boolean duplicates = random.nextInt(8) == 0;
    List<List<Object>> added = schema.rows(random, rows, duplicates);
    if (!schema.unique) {
      return write("insert", "", added, concat(rows, added));
    }
    return switch (random.nextInt(5)) {
      case 0, 1 -> write("insert", random.nextBoolean() ? "" : "error", added, concat(rows, added));
      case 2 -> upsertInOrder(rows, schema.rows(random, rows, true));
      case 3 -> write("upsert", "update", added, upserted(schema, rows, added));
      default -> write("insert what is new", "ignore", added, withNew(schema, rows, added));
    };
  }

  static List<List<Object>> concat(List<List<Object>> a, List<List<Object>> b) {
    List<List<Object>> all = new ArrayList<>(a);
    all.addAll(b);
    return all;
  }

  /** The rows after an upsert; with a key twice if the new ones have it twice. */
  static List<List<Object>> upserted(
      SoakSchema schema, List<List<Object>> rows, List<List<Object>> added) {
    List<List<Object>> keys = added.stream().map(schema::keyOf).toList();
    return concat(without(rows, row -> keys.contains(schema.keyOf(row))), added);
  }

  /** The rows after those with new keys were added; with a key twice if the new ones have it so. */
  static List<List<Object>> withNew(
      SoakSchema schema, List<List<Object>> rows, List<List<Object>> added) {
    if (schema.hasDuplicates(added)) {
      return concat(rows, added);
    }
    List<List<Object>> keys = rows.stream().map(schema::keyOf).toList();
    return concat(rows, without(added, row -> keys.contains(schema.keyOf(row))));
  }

  static List<List<Object>> without(List<List<Object>> rows, Predicate<List<Object>> gone) {
    return rows.stream().filter(gone.negate()).toList();
  }

  private Step write(
      String kind, String onConflict, List<List<Object>> added, List<List<Object>> after) {
    return write(
        kind, onConflict.isEmpty() ? Map.of() : Map.of("onConflict", onConflict), added, after);
  }

  private Step write(
      String kind,
      Map<String, String> options,
      List<List<Object>> added,
      List<List<Object>> after) {
    if (random.nextInt(4) == 0) {
      String text = "append of a DataFrame with " + options + ": " + schema.values(added);
      return Step.of(schema, kind, text, () -> append(options, added), after);
    }
    List<String> with = new ArrayList<>();
    options.forEach((name, value) -> with.add("'" + name + "' = '" + value + "'"));
    String text =
        "INSERT INTO "
            + table()
            + (with.isEmpty() ? " " : " WITH (" + String.join(", ", with) + ") ")
            + schema.values(added);
    return sql(kind, text, after);
  }

  private void append(Map<String, String> options, List<List<Object>> added) {
    List<Row> data = new ArrayList<>();
    for (List<Object> row : added) {
      Object[] values = new Object[row.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = schema.columns.get(i).type().toSpark(row.get(i));
      }
      data.add(RowFactory.create(values));
    }
    spark
        .createDataFrame(data, schema.sparkSchema())
        .write()
        .format("alexstore")
        .options(options)
        .mode("append")
        .save(path);
  }

  /** An upsert of which the last row of each key wins, by a column that tells them apart. */
  private Step upsertInOrder(List<List<Object>> rows, List<List<Object>> added) {
    int v = schema.indexOf("v");
    Map<List<Object>, List<Object>> last = new HashMap<>();
    for (int i = 0; i < added.size(); i++) {
      added.get(i).set(v, i == 0 ? null : (Integer) (i * 37 % 101));
      last.merge(
          schema.keyOf(added.get(i)),
          added.get(i),
          (a, b) -> SoakSchema.compare(a.get(v), b.get(v)) > 0 ? a : b);
    }
    return write(
        "upsert",
        Map.of("onConflict", "update", "orderBy", "v"),
        added,
        upserted(schema, rows, List.copyOf(last.values())));
  }

  private Step insertSomeColumns(List<List<Object>> rows) {
    TreeSet<Integer> given = new TreeSet<>(schema.key);
    for (int i = 0; i < schema.columns.size(); i++) {
      if (random.nextBoolean() || !SparkUnderTest.isAtLeast("4.1")) {
        given.add(i); // An older Spark wants a value for each column.
      }
    }
    List<String> names = new ArrayList<>();
    List<List<Object>> added = schema.rows(random, rows, false);
    List<String> tuples = new ArrayList<>();
    given.forEach(i -> names.add(schema.columns.get(i).name()));
    for (List<Object> row : added) {
      List<String> literals = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        if (given.contains(i)) {
          literals.add(schema.columns.get(i).literal(row.get(i)));
        } else {
          row.set(i, null);
        }
      }
      tuples.add("(" + String.join(", ", literals) + ")");
    }
    String text =
        "INSERT INTO "
            + table()
            + " ("
            + String.join(", ", names)
            + ") VALUES "
            + String.join(", ", tuples);
    return sql("insert", text, concat(rows, added));
  }

  // --- DELETE ---

  private Step delete(List<List<Object>> rows) {
    return switch (random.nextInt(12)) {
      case 0 -> deleteBySubquery(rows);
      case 1 ->
          random.nextInt(4) == 0
              ? sql("truncate", "TRUNCATE TABLE " + table(), List.of())
              : deleteBySubquery(rows);
      case 2, 3, 4, 5, 6 -> deleteWhere("delete by key", terms.keyRange(), rows);
      default -> deleteWhere("delete", terms.onTarget(), rows);
    };
  }

  private Step deleteWhere(String kind, Term condition, List<List<Object>> rows) {
    return sql(
        kind,
        "DELETE FROM " + table() + " AS t WHERE " + condition.sql(),
        without(rows, row -> condition.holds(row, null)));
  }

  private Step deleteBySubquery(List<List<Object>> rows) {
    List<List<Object>> source = schema.rows(random, List.of(), true);
    Term condition = terms.match();
    String text =
        "DELETE FROM "
            + table()
            + " AS t WHERE EXISTS (SELECT 1 FROM "
            + source(schema, source)
            + " AS o WHERE "
            + condition.sql()
            + ")";
    return sql(
        "delete",
        text,
        without(rows, row -> source.stream().anyMatch(other -> condition.holds(row, other))));
  }

  /** Rows as a subquery with the table's columns. */
  static String source(SoakSchema schema, List<List<Object>> rows) {
    return "(SELECT * FROM "
        + schema.values(rows)
        + " AS ("
        + String.join(", ", schema.names())
        + "))";
  }

  // --- UPDATE ---

  private Step update(List<List<Object>> rows) {
    boolean movesKeys = random.nextInt(3) == 0;
    Assignments set = Assignments.random(schema, random, terms, movesKeys, false);
    Term condition = random.nextInt(3) == 0 ? terms.keyRange() : terms.onTarget();
    boolean all = random.nextInt(6) == 0;
    List<List<Object>> after = new ArrayList<>();
    for (List<Object> row : rows) {
      after.add(all || condition.holds(row, null) ? set.of(row, null) : row);
    }
    String where = all ? "" : " WHERE " + condition.sql();
    return sql(
        movesKeys ? "update of keys" : "update",
        "UPDATE " + table() + " AS t SET " + set.sql() + where,
        after);
  }

  // --- overwrites ---

  private Step overwrite(List<List<Object>> rows) {
    List<List<Object>> added = schema.rows(random, List.of(), random.nextInt(10) == 0);
    if (random.nextInt(4) == 0) {
      return sql("overwrite", "INSERT OVERWRITE " + table() + " " + schema.values(added), added);
    }
    Term range = new RandomTerms(schema, random, false).keyRange();
    return sql(
        "overwrite of keys",
        "INSERT INTO " + table() + " REPLACE WHERE " + range.sql() + " " + schema.values(added),
        concat(without(rows, row -> range.holds(row, null)), added));
  }
}
