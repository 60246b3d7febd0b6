package io.alexstore.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.testkit.Seeds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random tables of every type and kind of key, written as alexstore and as Parquet, give the same
 * rows under random predicates on any column or part of one; the same parts of the rows, and the
 * same number of rows.
 *
 * <p>{@code -Dalexstore.random.tables=200 -Dalexstore.random.predicates=5} for the long run, {@code
 * -Dalexstore.seed=...} for one table again.
 */
class RandomTablesTest {

  private static final int TABLES = Integer.getInteger("alexstore.random.tables", 25);
  private static final int PREDICATES = Integer.getInteger("alexstore.random.predicates", 4);

  private final SparkSession spark = TestSession.extended().newSession();
  private final AtomicInteger tables = new AtomicInteger();
  private final AtomicInteger predicates = new AtomicInteger();
  private final AtomicInteger selective = new AtomicInteger();

  @TempDir Path directory;

  @BeforeEach
  void configure() {
    // Small tables, each of other types: compiling code for each would be most of the time.
    spark.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    spark.conf().set("spark.sql.datetime.java8API.enabled", "true");
    // What Parquet's reader makes of it cannot run without compiled code (4.2.0).
    spark.conf().set("spark.sql.variant.pushVariantIntoScan", "false");
    SparkSession.setActiveSession(spark);
  }

  @AfterEach
  void restore() {
    SparkSession.setActiveSession(TestSession.get());
  }

  @Test
  void equalParquetUnderPredicates() {
    Seeds.run(TABLES, this::oneTable);
    System.out.printf(
        "Equal to Parquet: %d tables, %d predicates, of which %d are true of some rows and not of"
            + " others%n",
        tables.get(), predicates.get(), selective.get());
  }

  private void oneTable(Random random) {
    RandomTable table = new RandomTable(random);
    String name = directory.resolve("t" + tables.incrementAndGet()).toString();
    boolean ansi = random.nextBoolean();
    set("spark.sql.ansi.enabled", ansi);
    set("spark.sql.session.timeZone", random.nextBoolean() ? "UTC" : "America/Los_Angeles");
    set("spark.sql.adaptive.coalescePartitions.enabled", random.nextBoolean());
    set("spark.sql.codegen.wholeStage", random.nextInt(10) == 0);
    write(table, name, random);
    // The tables are small: all that is found by key would be read on the driver.
    Dataset<Row> data =
        spark
            .read()
            .format("alexstore")
            .option("localScanRows", random.nextBoolean() ? 0 : 100)
            .load(name);
    Dataset<Row> expected = expected(table, name);
    String what = data.schema().simpleString() + " key " + table.keyNames();
    assertThat(data.count()).as(what).isEqualTo(table.rows.size());

    RandomTerms terms = new RandomTerms(table, ansi);
    RandomPredicate source = new RandomPredicate(table, terms);
    List<Query> queries = new ArrayList<>();
    queries.add(new Query(lit(true), everything(table), true));
    for (int i = 0; i < PREDICATES; i++) {
      boolean whole = random.nextBoolean();
      Column predicate = source.next();
      while (!isTranslated(data, predicate)) {
        predicate = source.next();
      }
      queries.add(new Query(predicate, whole ? everything(table) : parts(terms), whole));
    }
    compare(what, table, data, expected, queries);
    predicates.addAndGet(PREDICATES);
  }

  /**
   * Whether Spark gets as far as to ask the source. Some conditions, which it would keep to itself,
   * end in an assertion of its own when it translates them for a source, whichever that is.
   */
  private static boolean isTranslated(Dataset<Row> data, Column predicate) {
    try {
      data.where(predicate).queryExecution().optimizedPlan();
      return true;
    } catch (Exception e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof AssertionError
            && Arrays.stream(cause.getStackTrace())
                .limit(3)
                .anyMatch(frame -> frame.getClassName().contains("V2ExpressionBuilder"))) {
          System.out.println("Spark does not translate " + predicate);
          return false;
        }
      }
      throw e;
    }
  }

  private void set(String name, Object value) {
    spark.conf().set(name, value.toString());
  }

  /**
   * A query.
   *
   * @param predicate which rows
   * @param columns what of them
   * @param whole whether that is the table's columns
   */
  private record Query(Column predicate, List<Column> columns, boolean whole) {
    Column row() {
      return struct(columns.toArray(Column[]::new));
    }
  }

  private static List<Column> everything(RandomTable table) {
    return table.fields.stream().map(field -> col(field.name())).toList();
  }

  /** Some columns, or parts of nested ones: then the rest of these is not read. */
  private static List<Column> parts(RandomTerms terms) {
    return List.of(terms.path().column().as("p0"), terms.path().column().as("p1"));
  }

  private void write(RandomTable table, String name, Random random) {
    // In two writes at times, whose segments then overlap.
    int first = random.nextInt(4) == 0 ? random.nextInt(table.rows.size() + 1) : table.rows.size();
    int size = random.nextBoolean() ? 1 + random.nextInt(8192) : 1 << 20;
    DataFrameWriter<Row> create =
        table.dataFrame(spark, table.rows.subList(0, first)).write().format("alexstore");
    create
        .option(table.unique ? "primaryKey" : "sortKey", table.keyNames())
        .option("targetSegmentSize", size)
        .mode(SaveMode.Append)
        .save(name);
    if (first < table.rows.size()) {
      table
          .dataFrame(spark, table.rows.subList(first, table.rows.size()))
          .write()
          .format("alexstore")
          .mode(SaveMode.Append)
          .save(name);
    }
  }

  private Dataset<Row> expected(RandomTable table, String name) {
    Dataset<Row> data = table.dataFrame(spark, table.rows);
    for (StructField key : table.fields.subList(0, table.keySize)) {
      // A key's -0.0 becomes 0.0, which a cast to string tells apart.
      Column column = col(key.name());
      if (key.dataType() instanceof FloatType) {
        data = data.withColumn(key.name(), column.plus(0f));
      } else if (key.dataType() instanceof DoubleType) {
        data = data.withColumn(key.name(), column.plus(0d));
      }
    }
    data.coalesce(1).write().parquet(name + ".parquet");
    return spark.read().schema(data.schema()).parquet(name + ".parquet");
  }

  private void compare(
      String what,
      RandomTable table,
      Dataset<Row> data,
      Dataset<Row> expected,
      List<Query> queries) {
    Dataset<Row> found = null;
    Dataset<Row> counts = null;
    List<Row> foundRows = new ArrayList<>();
    List<Column> verdicts = new ArrayList<>();
    for (int i = 0; i < queries.size(); i++) {
      Query query = queries.get(i);
      Dataset<Row> some = data.where(query.predicate());
      Dataset<Row> one = some.select(lit(i).as("i"), query.row().as("row"));
      Dataset<Row> count = some.agg(count(lit(1)).as("n")).select(lit(i).as("i"), col("n"));
      if (!query.whole()) {
        foundRows.addAll(one.collectAsList());
      } else {
        found = found == null ? one : found.union(one);
      }
      counts = counts == null ? count : counts.union(count);
      verdicts.add(query.predicate().as("p" + i));
      verdicts.add(query.row().as("r" + i));
    }
    foundRows.addAll(found.collectAsList());
    List<Row> foundCounts = counts.collectAsList();
    List<Row> judged = expected.select(verdicts.toArray(Column[]::new)).collectAsList();
    for (int i = 0; i < queries.size(); i++) {
      int q = i;
      String where =
          what + " where " + queries.get(q).predicate() + ": " + queries.get(q).columns();
      int keys = queries.get(q).whole() ? table.keySize : 0;
      List<Row> actual =
          foundRows.stream().filter(r -> r.getInt(0) == q).map(r -> r.getStruct(1)).toList();
      List<Row> wanted =
          judged.stream()
              .filter(r -> !r.isNullAt(2 * q) && r.getBoolean(2 * q))
              .map(r -> r.getStruct(2 * q + 1))
              .toList();
      assertThat(Canonical.rows(actual, keys)).as(where).isEqualTo(Canonical.rows(wanted, keys));
      assertThat(foundCounts)
          .as("count of " + where)
          .contains(RowFactory.create(q, (long) wanted.size()));
      selective.addAndGet(!wanted.isEmpty() && wanted.size() < judged.size() ? 1 : 0);
    }
  }
}
