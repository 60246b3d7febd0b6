package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.row.ArrayRow;
import io.alexstore.schema.Column;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.TableKey;
import io.alexstore.segment.SegmentOptions;
import io.alexstore.table.AlexTable;
import io.alexstore.table.TableWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.test.ExamplePoint;
import org.apache.spark.sql.test.ExamplePointUDT;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Types at their edges: what is kept with a column, and what is refused, by whom. */
class TypesTest {

  private final SparkSession spark = TestSession.get();

  @TempDir Path directory;

  private String path() {
    return directory.resolve("t").toString();
  }

  private Dataset<Row> saved(Dataset<Row> rows, String key) {
    rows.write().format("alexstore").option("primaryKey", key).mode(SaveMode.Append).save(path());
    return spark.read().format("alexstore").load(path());
  }

  private void sameAfterSaving(String select) {
    Dataset<Row> rows = spark.sql(select);
    Dataset<Row> table = saved(rows, "id");
    assertThat(table.schema().asNullable()).isEqualTo(rows.schema().asNullable());
    assertThat(Canonical.rows(table.collectAsList(), 1))
        .isEqualTo(Canonical.rows(rows.collectAsList(), 1));
  }

  @Test
  void keepsEveryType() {
    sameAfterSaving(
        "select id, cast(id as tinyint) b, cast(id as smallint) s, cast(id as int) i, id > 3 o,"
            + " cast(id as float) f, cast(id as double) d, cast(id as decimal(5,2)) d5,"
            + " cast(id as decimal(18,3)) d18, cast(id as decimal(38,10)) d38,"
            + " cast(id as string) str, cast(cast(id as string) as binary) bin,"
            + " date_add(date'2020-01-01', cast(id as int)) dt,"
            + " timestamp_seconds(id) ts, timestamp_ntz'2020-01-01 00:00:00' ntz,"
            + " interval '1-2' year to month ym,"
            + " interval '3 04:05:06.7' day to second ds,"
            + " parse_json(concat('{\"a\":[', id, ']}')) v from range(10)");
  }

  @Test
  @RequiresSpark(value = "4.1", feature = "the type TIME")
  void keepsTimes() {
    sameAfterSaving(
        "select id, time'12:34:56.123456' t, map('l', named_struct('t', time'01:02:03')) m"
            + " from range(10)");
  }

  @Test
  void keepsDeepNesting() {
    sameAfterSaving(
        "select id, array(array(named_struct('m', map(id, array(parse_json('1'), null)),"
            + " 'i', interval '3' month), null), null, array()) a,"
            + " map('k', map('l', named_struct('t', date'2020-01-01', 'd', cast(id as decimal(30,2)))))"
            + " m, if(id % 2 = 0, null, named_struct('x', named_struct('y', named_struct('z', id))))"
            + " s from range(20)");
  }

  @Test
  void keepsCharAndVarchar() {
    spark.sql(
        "create table chars (id INT, c CHAR(5), v VARCHAR(3) COMMENT 'short', n ARRAY<VARCHAR(2)>)"
            + " using parquet");
    spark.sql("insert into chars values (1, 'ab', 'abc', array('xy'))");
    Dataset<Row> table = saved(spark.table("chars"), "id");
    spark.sql("drop table chars");
    assertThat(table.schema().apply("v").metadata().getString("comment")).isEqualTo("short");
    assertThat(table.schema().apply("c").metadata().getString("__CHAR_VARCHAR_TYPE_STRING"))
        .isEqualTo("char(5)");
    // Spark reads a CHAR padded, and refuses what is longer than a VARCHAR.
    assertThat(table.where("c = 'ab'").selectExpr("length(c)").head().getInt(0)).isEqualTo(5);
    assertThat(
            Errors.of(
                () ->
                    spark
                        .sql("select 2 id, 'a' c, 'abcd' v, array('x') n")
                        .write()
                        .format("alexstore")
                        .mode(SaveMode.Append)
                        .save(path())))
        .contains("EXCEED_LIMIT_LENGTH");
  }

  @Test
  void readsCalendarIntervalsThatSparkCannotWrite() throws IOException {
    assertThat(Errors.of(() -> saved(spark.sql("select 1 id, make_interval(1, 2) ci"), "id")))
        .contains("INTERVAL");
    Schema schema =
        new Schema(
            0,
            List.of(
                new Column(1, "id", ScalarType.INT, false),
                new Column(2, "ci", ScalarType.CALENDAR_INTERVAL, true)),
            new TableKey(TableKey.Kind.PRIMARY, List.of(1)),
            2);
    try (AlexTable table = AlexTable.create(path(), schema, Map.of());
        TableWriter writer = table.appender(SegmentOptions.defaults())) {
      writer.append(ArrayRow.of(schema, 1, List.of(14, 3, 5_000_000L)));
      writer.append(ArrayRow.of(schema, 2, null));
      writer.commit();
    }
    assertThat(
            spark
                .read()
                .format("alexstore")
                .load(path())
                .orderBy("id")
                .selectExpr("cast(ci as string)")
                .collectAsList()
                .toString())
        .isEqualTo("[[1 years 2 months 3 days 5 seconds], [null]]");
  }

  @Test
  void collatedStringsAreKeptAndNotPushed() {
    Dataset<Row> rows = spark.sql("select id, 'aB' collate UTF8_LCASE s from range(3)");
    Dataset<Row> table = saved(rows, "id");
    assertThat(table.where("s = 'Ab'").count()).isEqualTo(3);
    Dataset<Row> plain = spark.sql("select 'aB' k union all select 'ab'");
    plain
        .write()
        .format("alexstore")
        .option("primaryKey", "k")
        .mode(SaveMode.Append)
        .save(path() + "2");
    Dataset<Row> byText = spark.read().format("alexstore").load(path() + "2");
    assertThat(byText.where("k = 'ab' collate UTF8_LCASE").count()).isEqualTo(2);
    assertThat(byText.where("k = 'ab'").count()).isEqualTo(1);
  }

  @Test
  void refusesTypesThatCannotBeAKey() {
    assertThat(Errors.of(() -> saved(spark.sql("select array(1) a"), "a"))).contains("'a'", "list");
    assertThat(Errors.of(() -> saved(spark.sql("select 'x' collate UTF8_LCASE a"), "a")))
        .contains("'a'", "UTF8_LCASE");
    assertThat(Errors.of(() -> saved(spark.sql("select parse_json('1') a"), "a")))
        .contains("'a'", "variant");
  }

  @Test
  void refusesWhatItCannotStore() {
    assertThat(Errors.of(() -> saved(spark.sql("select 1 id, null n"), "id")))
        .contains("'n'", "VOID", "Cast");
    assertThat(Errors.of(() -> saved(spark.sql("select 1 id, array(null) n"), "id")))
        .contains("'n.element'", "VOID");
    StructType schema = new StructType().add("id", "int").add("p", new ExamplePointUDT());
    Dataset<Row> points =
        spark.createDataFrame(List.of(RowFactory.create(1, new ExamplePoint(1, 2))), schema);
    assertThat(Errors.of(() -> saved(points, "id"))).contains("'p'", "user-defined");
    assertThat(Errors.of(() -> saved(spark.sql("select 1 id, named_struct() s"), "id")))
        .contains("s");
  }
}
