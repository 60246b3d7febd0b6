package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.testkit.Seeds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random statements against a map: INSERT, upserts, UPDATE, DELETE and MERGE, some of which must
 * fail and change nothing; and every version reads as it was.
 *
 * <p>{@code -Dalexstore.random.statements=1000} for the long run, {@code -Dalexstore.seed=...} for
 * one table again.
 */
class RandomStatementsTest {

  private static final int STATEMENTS = Integer.getInteger("alexstore.random.statements", 60);
  private static final int STATEMENTS_OF_TABLE = 12;
  private static final int KEYS = 60;

  private final SparkSession spark = TestSession.extended().newSession();

  @TempDir Path directory;

  @BeforeEach
  void configure() {
    spark.conf().set("spark.sql.catalog.alexstore", AlexStorePathCatalog.class.getName());
    spark.conf().set("spark.sql.codegen.wholeStage", "false");
    spark.conf().set("spark.sql.shuffle.partitions", "2");
    SparkSession.setActiveSession(spark);
  }

  @AfterEach
  void restore() {
    SparkSession.setActiveSession(TestSession.get());
  }

  /** A row: two parts of a key, of which the second is always 0 where the key is one column. */
  private record Value(Integer v, String s) {}

  /** A statement and what the rows are after it; null if it must fail. */
  private record Step(String sql, NavigableMap<Integer, Value> after) {}

  @Test
  void areWhatAMapSays() {
    Seeds.run(Math.max(1, STATEMENTS / STATEMENTS_OF_TABLE), this::oneTable);
  }

  private void oneTable(Random random) {
    String path = directory.resolve("t" + random.nextLong()).toString();
    String table = "alexstore.`" + path + "`";
    boolean isString = random.nextInt(3) == 0;
    String type = isString ? "STRING" : "INT";
    spark.sql(
        "CREATE TABLE "
            + table
            + " (k "
            + type
            + " NOT NULL, v INT, s STRING) TBLPROPERTIES ('primaryKey' = 'k')");
    NavigableMap<Integer, Value> model = new TreeMap<>();
    List<NavigableMap<Integer, Value>> versions = new ArrayList<>();
    versions.add(model);
    StringBuilder said = new StringBuilder();
    for (int i = 0; i < STATEMENTS_OF_TABLE; i++) {
      // Small tables are read on the driver, unless that is turned off.
      spark.conf().set("spark.datasource.alexstore.localScanRows", random.nextBoolean() ? 1000 : 0);
      Step step = step(random, model, isString);
      String sql = step.sql().replace("$t", table);
      said.append(sql).append('\n');
      if (step.after() == null) {
        assertThat(Errors.of(() -> spark.sql(sql))).as("%s", said).contains("Duplicate key");
      } else {
        spark.sql(sql);
        model = step.after();
        versions.add(model);
      }
      assertThat(read("SELECT * FROM " + table)).as("%s", said).isEqualTo(model);
      assertThat(spark.sql("SELECT count(*) FROM " + table).head().getLong(0))
          .as("%s", said)
          .isEqualTo(model.size());
    }
    // Statements that changed nothing may have made a version or none: so newest first, until one
    // is missing. What is read must be what was, in the order in which it was.
    int version = versions.size() - 1;
    assertThat(read("SELECT * FROM " + table + " VERSION AS OF " + version))
        .isEqualTo(versions.get(version));
    int some = random.nextInt(versions.size());
    assertThat(read("SELECT * FROM " + table + " VERSION AS OF " + some))
        .isEqualTo(versions.get(some));
  }

  private NavigableMap<Integer, Value> read(String sql) {
    NavigableMap<Integer, Value> rows = new TreeMap<>();
    for (Row row : spark.sql(sql).collectAsList()) {
      int key = Integer.parseInt(row.get(0).toString());
      Value value = new Value(row.isNullAt(1) ? null : row.getInt(1), row.getString(2));
      assertThat(rows.put(key, value)).as("a key that stands twice: %s", key).isNull();
    }
    return rows;
  }

  // --- statements ---

  private static Step step(Random random, NavigableMap<Integer, Value> model, boolean isString) {
    return switch (random.nextInt(10)) {
      case 0, 1 -> insert(random, model, isString, "error");
      case 2 -> insert(random, model, isString, "update");
      case 3 -> insert(random, model, isString, "ignore");
      case 4 -> deleteByKey(random, model, isString);
      case 5 -> deleteByValue(random, model);
      case 6 -> update(random, model);
      case 7 -> moveKeys(random, model, isString);
      default -> merge(random, model, isString);
    };
  }

  private static String key(int key, boolean isString) {
    return isString ? "'" + key + "'" : Integer.toString(key);
  }

  private static Map<Integer, Value> newRows(Random random, Collection<Integer> avoid) {
    Map<Integer, Value> rows = new HashMap<>();
    int n = 1 + random.nextInt(8);
    boolean avoids = random.nextBoolean();
    for (int i = 0; i < n; i++) {
      int key = random.nextInt(KEYS);
      if (!avoids || !avoid.contains(key)) {
        rows.put(key, new Value(random.nextInt(20), "n" + random.nextInt(100)));
      }
    }
    rows.putIfAbsent(KEYS + random.nextInt(1000), new Value(random.nextInt(20), "far"));
    return rows;
  }

  private static String literals(Map<Integer, Value> rows, boolean isString) {
    List<String> all = new ArrayList<>();
    rows.forEach(
        (k, value) ->
            all.add("(" + key(k, isString) + ", " + value.v() + ", '" + value.s() + "')"));
    return "VALUES " + String.join(", ", all);
  }

  private static Step insert(
      Random random, NavigableMap<Integer, Value> model, boolean isString, String onConflict) {
    Map<Integer, Value> rows = newRows(random, model.keySet());
    String sql =
        "INSERT INTO $t WITH ('onConflict' = '" + onConflict + "') " + literals(rows, isString);
    NavigableMap<Integer, Value> after = new TreeMap<>(model);
    for (Map.Entry<Integer, Value> row : rows.entrySet()) {
      if (!model.containsKey(row.getKey()) || onConflict.equals("update")) {
        after.put(row.getKey(), row.getValue());
      } else if (onConflict.equals("error")) {
        return new Step(sql, null);
      }
    }
    return new Step(sql, after);
  }

  private static Step deleteByKey(
      Random random, NavigableMap<Integer, Value> model, boolean isString) {
    Set<Integer> keys = new HashSet<>();
    List<String> literals = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      int key = random.nextInt(KEYS);
      keys.add(key);
      literals.add(key(key, isString));
    }
    NavigableMap<Integer, Value> after = new TreeMap<>(model);
    after.keySet().removeAll(keys);
    return new Step("DELETE FROM $t WHERE k IN (" + String.join(", ", literals) + ")", after);
  }

  private static Step deleteByValue(Random random, NavigableMap<Integer, Value> model) {
    int v = random.nextInt(20);
    NavigableMap<Integer, Value> after = new TreeMap<>(model);
    after.values().removeIf(value -> value.v() == null || value.v() == v);
    return new Step("DELETE FROM $t WHERE v = " + v + " OR v IS NULL", after);
  }

  private static Step update(Random random, NavigableMap<Integer, Value> model) {
    int v = random.nextInt(20);
    NavigableMap<Integer, Value> after = new TreeMap<>(model);
    after.replaceAll(
        (k, value) -> value.v() != null && value.v() > v ? new Value(value.v() - 1, null) : value);
    return new Step("UPDATE $t SET v = v - 1, s = NULL WHERE v > " + v, after);
  }

  private static Step moveKeys(
      Random random, NavigableMap<Integer, Value> model, boolean isString) {
    int by = random.nextInt(5) - 2;
    int low = random.nextInt(KEYS);
    NavigableMap<Integer, Value> after = new TreeMap<>();
    boolean fails = false;
    for (Map.Entry<Integer, Value> row : model.entrySet()) {
      int key = row.getKey() >= low ? row.getKey() + by : row.getKey();
      fails |= after.put(key, row.getValue()) != null;
    }
    String moved = isString ? "CAST(CAST(k AS INT) + " + by + " AS STRING)" : "k + " + by;
    String sql = "UPDATE $t SET k = " + moved + " WHERE CAST(k AS INT) >= " + low;
    return new Step(sql, fails ? null : after);
  }

  private static Step merge(Random random, NavigableMap<Integer, Value> model, boolean isString) {
    Map<Integer, Value> source = newRows(random, Set.of());
    int drop = random.nextInt(20);
    boolean inserts = random.nextBoolean();
    boolean moves = random.nextInt(4) == 0;
    boolean bySource = random.nextInt(3) == 0;
    NavigableMap<Integer, Value> after = new TreeMap<>();
    boolean fails = false;
    for (Map.Entry<Integer, Value> row : model.entrySet()) {
      Value given = source.get(row.getKey());
      Value old = row.getValue();
      if (given == null) {
        if (!bySource || old.v() == null || old.v() < 15) {
          fails |= after.put(row.getKey(), old) != null;
        }
      } else if (given.v() != drop) {
        int key = moves ? row.getKey() + 3 : row.getKey();
        fails |= after.put(key, new Value(given.v(), old.s())) != null;
      }
    }
    for (Map.Entry<Integer, Value> row : source.entrySet()) {
      if (inserts && !model.containsKey(row.getKey())) {
        fails |= after.put(row.getKey(), row.getValue()) != null;
      }
    }
    String moved = isString ? "CAST(CAST(t.k AS INT) + 3 AS STRING)" : "t.k + 3";
    String sql =
        "MERGE INTO $t AS t USING (SELECT * FROM "
            + literals(source, isString)
            + " AS (k, v, s)) AS o ON t.k = o.k WHEN MATCHED AND o.v = "
            + drop
            + " THEN DELETE WHEN MATCHED THEN UPDATE SET v = o.v"
            + (moves ? ", k = " + moved : "")
            + (inserts ? " WHEN NOT MATCHED THEN INSERT *" : "")
            + (bySource ? " WHEN NOT MATCHED BY SOURCE AND t.v >= 15 THEN DELETE" : "");
    return new Step(sql, fails ? null : after);
  }
}
