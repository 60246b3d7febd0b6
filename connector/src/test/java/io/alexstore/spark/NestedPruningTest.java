package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.error.CorruptFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.v2.BatchScanExec;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of nested columns only the fields are read that a query asks for. */
class NestedPruningTest {

  private static final SparkSession SPARK = TestSession.get();
  private static final String TEXT = "sha2(cast(id as string), 256)";

  @TempDir static Path directory;

  @BeforeAll
  static void write() {
    save("whole");
  }

  private static void save(String name) {
    rows()
        .write()
        .format("alexstore")
        .option("primaryKey", "id")
        .mode(SaveMode.Append)
        .save(directory.resolve(name).toString());
  }

  /** Every nested column has a field that is damaged in some tests, named d. */
  private static Dataset<Row> rows() {
    String element = "named_struct('p', id, 'd', " + TEXT + ", 'q', cast(id % 7 as int))";
    return SPARK
        .range(0, 3000)
        .repartition(1)
        .selectExpr(
            "id",
            "if(id % 5 = 0, null, named_struct('A', id, 'd', "
                + TEXT
                + ", 'in', named_struct('x', id + 1, 'd', "
                + TEXT
                + ", 'Yy', cast(id as string)))) S",
            "if(id % 5 = 1, null, array(" + element + ", null, " + element + ")) arr",
            "map('k' || id, " + element + ", 'n', null) m",
            "map(" + element + ", id) byStruct");
  }

  private static Dataset<Row> table(String name) {
    return SPARK
        .read()
        .format("alexstore")
        .option("localScanRows", 0)
        .load(directory.resolve(name).toString());
  }

  private static StructType read(Dataset<Row> query) {
    return ((BatchScanExec) Plans.leaf(query)).scan().readSchema();
  }

  private static void check(String expression, String readSchema) {
    Dataset<Row> query = table("whole").selectExpr("id", expression + " v");
    assertThat(read(query).simpleString()).as(expression).isEqualTo(readSchema);
    assertThat(query.orderBy("id").collectAsList().toString())
        .as(expression)
        .isEqualTo(
            rows().selectExpr("id", expression + " v").orderBy("id").collectAsList().toString());
  }

  @Test
  void readsTheFieldsAskedFor() {
    check("S.A", "struct<id:bigint,S:struct<A:bigint>>");
    check("S.in.Yy", "struct<id:bigint,S:struct<in:struct<Yy:string>>>");
    // In another order than the table's.
    check(
        "named_struct('a', S.in.Yy, 'b', S.in.x, 'c', S.A)",
        "struct<id:bigint,S:struct<A:bigint,in:struct<x:bigint,Yy:string>>>");
    check("S.in", "struct<id:bigint,S:struct<in:struct<x:bigint,d:string,Yy:string>>>");
    check("arr.q", "struct<id:bigint,arr:array<struct<q:int>>>");
    check("arr[0].q", "struct<id:bigint,arr:array<struct<q:int>>>");
    check("m['n'].p", "struct<id:bigint,m:map<string,struct<p:bigint>>>");
    check("map_values(m).q", "struct<id:bigint,m:map<string,struct<q:int>>>");
    check("map_keys(byStruct).p", "struct<id:bigint,byStruct:map<struct<p:bigint>,bigint>>");
  }

  @Test
  void knowsFieldsInAnyCase() {
    check("s.a", "struct<id:bigint,S:struct<A:bigint>>");
    check("s.IN.yY", "struct<id:bigint,S:struct<in:struct<Yy:string>>>");
    check("ARR.Q", "struct<id:bigint,arr:array<struct<q:int>>>");
  }

  @Test
  void tellsInThePlan() {
    assertThat(Plans.text(table("whole").selectExpr("s.in.x", "arr.q")))
        .contains("of nested columns only S struct<in:struct<x:bigint>>, arr array<struct<q:int>>");
    assertThat(Plans.text(table("whole").select("S", "arr"))).doesNotContain("of nested columns");
  }

  @Test
  void readsAllWhereSparkDoesNotPrune() {
    SparkSession session = SPARK.newSession();
    session.conf().set("spark.sql.optimizer.nestedSchemaPruning.enabled", "false");
    SparkSession.setActiveSession(session);
    try {
      Dataset<Row> query =
          session
              .read()
              .format("alexstore")
              .load(directory.resolve("whole").toString())
              .selectExpr("sum(S.in.x)");
      assertThat(read(query)).isEqualTo(table("whole").select("S").schema());
      assertThat(query.head().getLong(0)).isEqualTo(3_602_400);
    } finally {
      SparkSession.setActiveSession(SPARK);
    }
  }

  @Test
  void prunesUnderFiltersAndOnTheDriver() {
    Dataset<Row> filtered = table("whole").where("S.in.x % 1000 = 2 and id < 2000").select("S.A");
    assertThat(read(filtered).simpleString())
        .isEqualTo("struct<S:struct<A:bigint,in:struct<x:bigint>>>");
    assertThat(filtered.collectAsList().toString()).isEqualTo("[[1], [1001]]");
    Dataset<Row> one =
        SPARK
            .read()
            .format("alexstore")
            .load(directory.resolve("whole").toString())
            .where("id = 7")
            .selectExpr("S.in.Yy", "arr.q", "m['k7'].p");
    assertThat(Plans.text(one)).contains("LocalTableScan");
    assertThat(one.head().getString(0)).isEqualTo("7");
    assertThat(one.head().getList(1)).isEqualTo(java.util.Arrays.asList(0, null, 0));
    assertThat(one.head().getLong(2)).isEqualTo(7);
  }

  @Test
  void touchesNothingElse() throws IOException {
    save("damaged");
    List<Path> segments = Damage.segments(directory.resolve("damaged"));
    assertThat(segments).hasSize(1);
    for (String[] path :
        new String[][] {
          {"S", "d"},
          {"S", "in", "d"},
          {"arr", "element", "d"},
          {"m", "value", "d"},
          {"byStruct", "key", "d"}
        }) {
      assertThat(Damage.column(segments.get(0), 0, path)).as(path[0]).isGreaterThan(10);
    }
    String others =
        "sum(S.A + S.in.x + S.in.Yy + aggregate(arr.q, 0L, (s, q) -> s + coalesce(q, 0))"
            + " + map_values(m).p[0] + map_keys(byStruct).q[0])";
    assertThat(table("damaged").selectExpr(others).head())
        .isEqualTo(rows().selectExpr(others).head());
    for (String asked : new String[] {"S.d", "S.in.d", "arr.d", "m['k1'].d", "byStruct"}) {
      Dataset<Row> query = table("damaged").selectExpr("max(cast(" + asked + " as string))");
      assertThatThrownBy(query::collectAsList)
          .as(asked)
          .rootCause()
          .isInstanceOf(CorruptFileException.class);
    }
  }
}
