package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Values that operators keep beyond the batch that they came in, the row group, the segment and the
 * task: batches hand out strings that point into the map, and reuse their vectors.
 */
class OutlivingValuesTest {

  private static final SparkSession SPARK = TestSession.get();
  private static final String[] COLUMNS = {"s", "d", "b", "r", "a", "m", "big"};

  @TempDir static Path directory;

  @BeforeAll
  static void write() {
    rows()
        .write()
        .format("alexstore")
        .option("primaryKey", "k")
        .option("targetSegmentSize", "256k")
        .mode(SaveMode.Append)
        .save(directory.resolve("t").toString());
  }

  /** Strings of the key, plain and of a dictionary; binary; nested ones with strings in them. */
  private static Dataset<Row> rows() {
    return SPARK
        .range(0, 20_000)
        .selectExpr(
            "concat('key ', lpad(id, 7, '0')) k",
            "id % 50 g",
            "if(id % 11 = 0, null, concat('text ', id)) s",
            "concat('one of few ', id % 17) d",
            "if(id % 13 = 0, null, cast(concat('bytes ', id) as binary)) b",
            "if(id % 7 = 0, null, named_struct('x', concat('in ', id), 'y', array(concat('e', id),"
                + " null))) r",
            "if(id % 5 = 0, null, array(concat('a ', id), null, concat('b ', id % 3))) a",
            "map(concat('mk ', id), named_struct('v', cast(id as string)), 'n', null) m",
            "cast(id as decimal(30, 4)) big");
  }

  private static Dataset<Row> table() {
    return SPARK
        .read()
        .format("alexstore")
        .option("localScanRows", 0)
        .load(directory.resolve("t").toString());
  }

  private interface Query {
    Dataset<Row> of(Dataset<Row> rows);
  }

  private static void check(Query query) {
    List<String> actual = Canonical.rows(query.of(table()).collectAsList(), 0);
    assertThat(actual).isNotEmpty().isEqualTo(Canonical.rows(query.of(rows()).collectAsList(), 0));
  }

  private static String each(String pattern) {
    StringBuilder text = new StringBuilder();
    for (String column : COLUMNS) {
      text.append(text.isEmpty() ? "" : ", ").append(pattern.replace("?", column));
    }
    return text.toString();
  }

  private static Dataset<Row> sql(Dataset<Row> rows, String query) {
    rows.createOrReplaceTempView("outliving");
    return SPARK.sql(query);
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void aggregatesKeepValues(String codegen) {
    SPARK.conf().set("spark.sql.codegen.wholeStage", codegen);
    try {
      check(
          rows ->
              sql(
                  rows,
                  "SELECT g, "
                      + each("max_by(?, k)")
                      + ", "
                      + each("min_by(?, k)")
                      + ", max(k), max(s), max(b), max(a), max(r) FROM outliving GROUP BY g"));
      // Sorted where it was made, since tasks come in any order.
      check(
          rows ->
              sql(
                  rows,
                  "SELECT g, sort_array(collect_list(struct(k, s, d, b, r, a, big))) FROM outliving"
                      + " GROUP BY g"));
      check(
          rows ->
              sql(
                  rows,
                  "SELECT sort_array(collect_set(s)), sort_array(collect_set(r)),"
                      + " sort_array(collect_set(b)) FROM outliving"));
    } finally {
      SPARK.conf().unset("spark.sql.codegen.wholeStage");
    }
  }

  @Test
  void mapsAreKept() {
    check(
        rows ->
            sql(
                rows,
                "SELECT array_sort(flatten(collect_list(map_keys(m)))),"
                    + " array_sort(flatten(collect_list(transform(map_values(m), v -> v.v))))"
                    + " FROM outliving"));
  }

  @Test
  void sortsAndWindowsKeepRows() {
    check(rows -> rows.orderBy(rows.col("big").desc()));
    check(rows -> rows.orderBy(rows.col("d"), rows.col("k")).limit(7000));
    check(
        rows ->
            sql(
                rows,
                "SELECT k, "
                    + each("lag(?, 30) OVER (PARTITION BY g ORDER BY k)")
                    + ", "
                    + each("first_value(?) OVER (PARTITION BY g ORDER BY k)")
                    + " FROM outliving"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"BROADCAST", "SHUFFLE_HASH", "MERGE"})
  void joinsKeepRows(String hint) {
    check(
        rows ->
            sql(
                rows,
                "SELECT /*+ "
                    + hint
                    + "(r) */ l.k lk, l.s ls, r.* FROM outliving l JOIN outliving r ON l.d = r.d AND"
                    + " l.big = r.big + 17 WHERE l.g < 5"));
  }

  @Test
  void cachesKeepRows() {
    for (StorageLevel level : List.of(StorageLevel.MEMORY_ONLY(), StorageLevel.DISK_ONLY())) {
      Dataset<Row> cached = table().persist(level);
      try {
        assertThat(cached.count()).isEqualTo(20_000);
        assertThat(Canonical.rows(cached.collectAsList(), 0))
            .isEqualTo(Canonical.rows(rows().collectAsList(), 0));
      } finally {
        cached.unpersist(true);
      }
    }
  }

  @Test
  void objectsOfUserCodeKeepValues() {
    // Rows as Java objects, held by the task's code until it has seen them all.
    check(
        rows ->
            rows.mapPartitions(
                (org.apache.spark.api.java.function.MapPartitionsFunction<Row, Row>)
                    input -> {
                      List<Row> held = new java.util.ArrayList<>();
                      input.forEachRemaining(held::add);
                      return held.iterator();
                    },
                org.apache.spark.sql.Encoders.row(rows.schema())));
  }

  @Test
  void explodedValuesAreThoseOfTheirRow() {
    check(rows -> rows.selectExpr("k", "s", "posexplode_outer(a)"));
    check(rows -> rows.selectExpr("k", "r", "explode(m)"));
    check(rows -> rows.selectExpr("k", "inline_outer(array(r, r))"));
  }
}
