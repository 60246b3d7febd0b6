package io.alexstore.spark;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.testkit.Seeds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random tables of every type and kind of key, written as alexstore and as Parquet, give the same
 * rows under random predicates on the key.
 *
 * <p>{@code -Dalexstore.random.tables=300} for the long run, {@code -Dalexstore.seed=...} for one
 * table again.
 */
class RandomTablesTest {

  private static final int TABLES = Integer.getInteger("alexstore.random.tables", 25);
  private static final int PREDICATES = 4;

  private final SparkSession spark = TestSession.extended().newSession();
  private final AtomicInteger tables = new AtomicInteger();

  @TempDir Path directory;

  @BeforeEach
  void configure() {
    // Small tables, each of other types: compiling code for each would be most of the time.
    spark.conf().set("spark.sql.codegen.wholeStage", "false");
    spark.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    spark.conf().set("spark.sql.datetime.java8API.enabled", "true");
    SparkSession.setActiveSession(spark);
  }

  @AfterEach
  void restore() {
    SparkSession.setActiveSession(TestSession.get());
  }

  @Test
  void equalParquetUnderPredicates() {
    Seeds.run(TABLES, this::oneTable);
  }

  private void oneTable(Random random) {
    RandomTable table = new RandomTable(random);
    String name = directory.resolve("t" + tables.incrementAndGet()).toString();
    spark
        .conf()
        .set("spark.sql.adaptive.coalescePartitions.enabled", String.valueOf(random.nextBoolean()));
    spark.conf().set("spark.sql.codegen.wholeStage", String.valueOf(random.nextInt(10) == 0));
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

    List<Column> predicates = new ArrayList<>();
    predicates.add(lit(true));
    RandomPredicate source = new RandomPredicate(table);
    for (int i = 0; i < PREDICATES; i++) {
      predicates.add(source.next());
    }
    compare(what, table, data, expected, predicates);
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
    data.coalesce(1).write().parquet(name + ".parquet");
    return spark.read().schema(data.schema()).parquet(name + ".parquet");
  }

  private void compare(
      String what,
      RandomTable table,
      Dataset<Row> data,
      Dataset<Row> expected,
      List<Column> predicates) {
    Column all = struct("*");
    Dataset<Row> found = null;
    List<Column> verdicts = new ArrayList<>();
    verdicts.add(all.as("row"));
    for (int i = 0; i < predicates.size(); i++) {
      Dataset<Row> one = data.where(predicates.get(i)).select(lit(i).as("i"), all.as("row"));
      found = found == null ? one : found.union(one);
      verdicts.add(predicates.get(i).as("p" + i));
    }
    List<Row> foundRows = found.collectAsList();
    List<Row> judged = expected.select(verdicts.toArray(Column[]::new)).collectAsList();
    for (int i = 0; i < predicates.size(); i++) {
      int p = i;
      List<Row> actual =
          foundRows.stream().filter(r -> r.getInt(0) == p).map(r -> r.getStruct(1)).toList();
      List<Row> wanted =
          judged.stream()
              .filter(r -> !r.isNullAt(p + 1) && r.getBoolean(p + 1))
              .map(r -> r.getStruct(0))
              .toList();
      assertThat(Canonical.rows(actual, table.keySize))
          .as("%s where %s", what, predicates.get(p))
          .isEqualTo(Canonical.rows(wanted, table.keySize));
    }
  }
}
