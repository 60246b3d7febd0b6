package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.maintain.TableVerifier;
import io.alexstore.row.ArrayRow;
import io.alexstore.segment.SegmentOptions;
import io.alexstore.table.AlexTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ALTER TABLE's changes of columns, and writes that change them. */
class AlterTableTest {

  private final SparkSession shared = TestSession.get();
  private SparkSession spark;

  @TempDir Path directory;

  @BeforeEach
  void freshSession() {
    spark = shared.newSession();
    SparkSession.setActiveSession(spark);
    spark.conf().set("spark.sql.catalog.c", AlexStoreCatalog.class.getName());
    spark.conf().set("spark.sql.catalog.c.warehouse", directory.toString());
    sql("CREATE NAMESPACE c.db");
  }

  @AfterEach
  void sharedSession() {
    SparkSession.setActiveSession(shared);
  }

  private String sql(String text) {
    return spark.sql(SparkUnderTest.sql(text)).collectAsList().toString();
  }

  private void alter(String change) {
    sql("ALTER TABLE c.db.t " + change);
  }

  private String refused(String change) {
    long before = version();
    String error = Errors.of(() -> alter(change));
    assertThat(version()).as(change).isEqualTo(before);
    return error;
  }

  private String rows() {
    return sql("SELECT * FROM c.db.t ORDER BY ALL");
  }

  private String columns() {
    return spark.table("c.db.t").schema().sql();
  }

  private String path() {
    return directory.resolve("db/t").toString();
  }

  private long version() {
    try (AlexTable table = AlexTable.open(path())) {
      return table.snapshot().version();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void create(String columns, String rows) {
    sql("CREATE TABLE c.db.t (" + columns + ", PRIMARY KEY (id))");
    sql("INSERT INTO c.db.t VALUES " + rows);
  }

  private void requireClean() throws Exception {
    assertThat(TableVerifier.verify(path()).findings()).isEmpty();
  }

  // --- adding ---

  @Test
  void columnsAreAddedWhereTheyAreSaidToBe() throws Exception {
    create("id INT, name STRING", "(1, 'a'), (2, 'b')");
    alter("ADD COLUMN n INT");
    alter("ADD COLUMNS (first DOUBLE COMMENT 'in front' FIRST, after_id DATE AFTER id)");
    assertThat(columns())
        .isEqualTo(
            "STRUCT<first: DOUBLE COMMENT 'in front', id: INT NOT NULL, after_id: DATE,"
                + " name: STRING, n: INT>");
    assertThat(rows()).isEqualTo("[[null,1,null,a,null], [null,2,null,b,null]]");
    sql("INSERT INTO c.db.t VALUES (0.5, 3, DATE'2020-01-02', 'c', 7)");
    assertThat(rows()).contains("[0.5,3,2020-01-02,c,7]");
    requireClean();
  }

  @Test
  @RequiresSpark(value = "4.1", feature = "writes that leave columns out")
  void rowsThatAreThereHaveTheDefaultOfAnAddedColumn() throws Exception {
    create("id BIGINT, name STRING", "(1, 'a'), (2, 'b')");
    alter("ADD COLUMN n INT NOT NULL DEFAULT 40 + 2");
    alter("ADD COLUMN s STRING DEFAULT 'x''y'");
    alter("ADD COLUMN d DECIMAL(20, 2) DEFAULT 1.5");
    alter("ADD COLUMN t TIMESTAMP DEFAULT TIMESTAMP'2020-01-01 10:00:00'");
    alter("ADD COLUMN l ARRAY<INT> DEFAULT array(1, 2)");
    alter("ADD COLUMN o STRUCT<a: INT, b: STRING> DEFAULT named_struct('a', 1, 'b', 'q')");
    alter("ADD COLUMN m MAP<STRING, BIGINT> DEFAULT map('k', 9L)");
    alter("ADD COLUMN b BINARY DEFAULT X'0102'");
    String added = "42,x'y,1.50,2020-01-01 10:00:00.0,WrappedArray(1, 2),[1,q],Map(k -> 9)";
    String text =
        spark
            .table("c.db.t")
            .drop("b")
            .orderBy("id")
            .collectAsList()
            .toString()
            .replace("ArraySeq", "WrappedArray");
    assertThat(text).isEqualTo("[[1,a," + added + "], [2,b," + added + "]]");
    assertThat(sql("SELECT hex(b), count(*) FROM c.db.t GROUP BY ALL")).isEqualTo("[[0102,2]]");
    // New rows that name no value have the default, too.
    sql("INSERT INTO c.db.t (id, name) VALUES (3, 'c')");
    assertThat(sql("SELECT n, s, o.b FROM c.db.t WHERE id = 3")).isEqualTo("[[42,x'y,q]]");
    // Another default is for rows to come only.
    alter("ALTER COLUMN n SET DEFAULT 5");
    sql("INSERT INTO c.db.t (id, name) VALUES (4, 'd')");
    assertThat(sql("SELECT id, n FROM c.db.t ORDER BY id"))
        .isEqualTo("[[1,42], [2,42], [3,42], [4,5]]");
    alter("ALTER COLUMN s DROP DEFAULT");
    sql("INSERT INTO c.db.t (id, name) VALUES (5, 'e')");
    assertThat(sql("SELECT s, n FROM c.db.t WHERE id = 5")).isEqualTo("[[null,5]]");
    requireClean();
  }

  @Test
  void fieldsOfStructsAreColumnsToo() throws Exception {
    create(
        "id BIGINT, s STRUCT<a: INT, b: STRING>, l ARRAY<STRUCT<x: INT>>,"
            + " m MAP<STRING, STRUCT<y: FLOAT>>",
        "(1, named_struct('a', 1, 'b', 'q'), array(named_struct('x', 1), null),"
            + " map('k', named_struct('y', 1.5F))), (2, null, null, null)");
    alter("ADD COLUMN s.c BIGINT AFTER a");
    alter("ADD COLUMN l.element.z STRING FIRST");
    alter("ADD COLUMN m.value.w INT");
    alter("RENAME COLUMN s.b TO text");
    alter("ALTER COLUMN l.element.x TYPE BIGINT");
    alter("ALTER COLUMN m.value.y TYPE DOUBLE");
    alter("ALTER COLUMN s.a COMMENT 'the first'");
    assertThat(sql("SELECT to_json(struct(*)) FROM c.db.t ORDER BY id"))
        .isEqualTo(
            "[[{\"id\":1,\"s\":{\"a\":1,\"text\":\"q\"},\"l\":[{\"x\":1},null],"
                + "\"m\":{\"k\":{\"y\":1.5}}}], [{\"id\":2}]]");
    sql(
        "INSERT INTO c.db.t VALUES (3, named_struct('a', 2, 'c', 3L, 'text', 'r'),"
            + " array(named_struct('z', 'zz', 'x', 5000000000L)), map())");
    assertThat(sql("SELECT s.c, l[0].z, l[0].x FROM c.db.t ORDER BY id"))
        .isEqualTo("[[null,null,1], [null,null,null], [3,zz,5000000000]]");
    assertThat(sql("SELECT s.text FROM c.db.t WHERE s.c IS NULL AND s.a = 1")).isEqualTo("[[q]]");
    alter("DROP COLUMN s.a");
    assertThat(sql("SELECT s FROM c.db.t ORDER BY id")).isEqualTo("[[[null,q]], [null], [[3,r]]]");
    requireClean();
  }

  @Test
  void aColumnThatComesBackUnderItsNameIsAnother() {
    create("id BIGINT, name STRING", "(1, 'a')");
    alter("DROP COLUMN name");
    assertThat(rows()).isEqualTo("[[1]]");
    alter("ADD COLUMN name STRING");
    assertThat(rows()).isEqualTo("[[1,null]]");
    assertThat(sql("SELECT * FROM c.db.t VERSION AS OF 1")).isEqualTo("[[1,a]]");
    assertThat(sql("SELECT * FROM c.db.t VERSION AS OF 2")).isEqualTo("[[1]]");
  }

  // --- changing ---

  @Test
  void columnsAreDroppedRenamedAndMoved() throws Exception {
    create("id BIGINT, a INT, b INT, c INT", "(1, 10, 20, 30)");
    alter("DROP COLUMN a");
    alter("DROP COLUMNS IF EXISTS (nowhere, c)");
    alter("RENAME COLUMN b TO value");
    alter("RENAME COLUMN id TO number");
    alter("ALTER COLUMN value FIRST");
    assertThat(rows()).isEqualTo("[[20,1]]");
    sql("INSERT INTO c.db.t VALUES (21, 2)");
    assertThat(sql("SELECT number, value FROM c.db.t WHERE number = 2")).isEqualTo("[[2,21]]");
    assertThat(Errors.of(() -> sql("INSERT INTO c.db.t VALUES (22, 2)"))).contains("number=2");
    sql(
        "MERGE INTO c.db.t USING (SELECT 1L AS k) s ON number = k"
            + " WHEN MATCHED THEN UPDATE SET value = value + 1");
    assertThat(rows()).isEqualTo("[[21,1], [21,2]]");
    requireClean();
  }

  @Test
  void typesAreWidened() throws Exception {
    create(
        "id TINYINT, s SMALLINT, i INT, f FLOAT, d DECIMAL(5, 2), w DECIMAL(18, 2), t DATE,"
            + " v VARCHAR(3)",
        "(1, 2, 3, 1.1, 4.25, -7.5, DATE'2020-02-03', 'abc'),"
            + " (2, null, null, null, null, null, null, null)");
    alter("ALTER COLUMN id TYPE SMALLINT");
    alter("ALTER COLUMN id TYPE BIGINT");
    alter("ALTER COLUMN s TYPE INT, i TYPE BIGINT, f TYPE DOUBLE");
    alter("ALTER COLUMN d TYPE DECIMAL(18, 2)");
    alter("ALTER COLUMN w TYPE DECIMAL(30, 2)");
    alter("ALTER COLUMN t TYPE TIMESTAMP_NTZ");
    alter("ALTER COLUMN v TYPE VARCHAR(10)");
    sql(
        "INSERT INTO c.db.t VALUES (5000000000, 100000, 6000000000, 2.5, 12345678.25,"
            + " 123456789012345678901.25, TIMESTAMP_NTZ'2021-01-01 00:00:01', 'abcdefgh')");
    assertThat(sql("SELECT * EXCEPT (f) FROM c.db.t ORDER BY id"))
        .isEqualTo(
            "[[1,2,3,4.25,-7.50,2020-02-03T00:00,abc], [2,null,null,null,null,null,null],"
                + " [5000000000,100000,6000000000,12345678.25,123456789012345678901.25,"
                + "2021-01-01T00:00:01,abcdefgh]]");
    assertThat(sql("SELECT f FROM c.db.t WHERE id = 1")).isEqualTo("[[" + (double) 1.1f + "]]");
    assertThat(sql("SELECT max(id), min(id), count(*) FROM c.db.t"))
        .isEqualTo("[[5000000000,1,3]]");
    alter("ALTER COLUMN v TYPE STRING");
    sql("UPDATE c.db.t SET v = 'longer than ten characters' WHERE id = 2");
    assertThat(sql("SELECT v FROM c.db.t WHERE id = 2")).contains("longer than");
    requireClean();
  }

  @Test
  void nullsCommentsAndPropertiesAreSet() {
    create("id BIGINT, a INT NOT NULL", "(1, 10)");
    alter("ALTER COLUMN a DROP NOT NULL");
    sql("INSERT INTO c.db.t VALUES (2, null)");
    assertThat(rows()).isEqualTo("[[1,10], [2,null]]");
    alter("ALTER COLUMN a COMMENT 'what it is'");
    assertThat(sql("DESCRIBE c.db.t")).contains("[a,int,what it is]");
    alter("SET TBLPROPERTIES ('k' = 'v')");
    assertThat(sql("SHOW TBLPROPERTIES c.db.t")).contains("[k,v]");
    alter("UNSET TBLPROPERTIES ('k')");
    assertThat(sql("SHOW TBLPROPERTIES c.db.t")).doesNotContain("[k,v]");
  }

  @Test
  void columnsAreReplaced() throws Exception {
    sql("CREATE TABLE c.db.t (id BIGINT, a INT) TBLPROPERTIES ('sortKey' = 'id')");
    assertThat(refused("REPLACE COLUMNS (x INT)")).contains("'id' is part of the key");
  }

  @Test
  void aPropertyFollowsTheColumnThatItNames() {
    sql(
        "CREATE TABLE c.db.t (id BIGINT, v INT, w INT, PRIMARY KEY (id))"
            + " TBLPROPERTIES ('onConflict' = 'update', 'orderBy' = 'v')");
    alter("RENAME COLUMN v TO rank");
    assertThat(sql("SHOW TBLPROPERTIES c.db.t")).contains("[orderBy,rank]");
    sql("INSERT INTO c.db.t VALUES (1, 5, 0), (1, 6, 0)");
    assertThat(rows()).isEqualTo("[[1,6,0]]");
    assertThat(refused("DROP COLUMN rank")).contains("'rank' of option 'orderBy'");
  }

  @Test
  void aTableByItsPathIsAlteredToo() {
    create("id BIGINT", "(1)");
    spark.conf().set("spark.sql.catalog.alexstore", AlexStorePathCatalog.class.getName());
    sql("ALTER TABLE alexstore.`" + path() + "` ADD COLUMN n INT DEFAULT 3");
    assertThat(spark.read().format("alexstore").load(path()).collectAsList().toString())
        .isEqualTo("[[1,3]]");
  }

  // --- what is refused ---

  @Test
  @RequiresSpark(value = "4.1", feature = "CHECK constraints")
  void whatAConstraintNamesStays() {
    create("id INT, i BIGINT, CONSTRAINT positive CHECK (i > 0)", "(1, 2)");
    assertThat(refused("DROP COLUMN i")).contains("CHECK constraint 'positive'");
    assertThat(refused("RENAME COLUMN i TO j")).contains("CHECK constraint 'positive'");
  }

  @Test
  void whatCannotBeIsRefused() {
    create(
        "id INT, d DECIMAL(5, 2), i BIGINT, s STRING, o STRUCT<a: INT>,"
            + " m MAP<STRUCT<k: INT>, INT>",
        "(1, 1.5, 2, 'a', null, null)");
    assertThat(refused("ADD COLUMN n INT NOT NULL"))
        .contains("'n' cannot be added as NOT NULL without a default")
        .contains("Give it a DEFAULT, or leave NOT NULL out");
    assertThat(refused("ADD COLUMN ID INT")).contains("FIELD_ALREADY_EXISTS");
    assertThat(refused("ADD COLUMN x INT AFTER nowhere")).contains("FIELD_NOT_FOUND");
    assertThat(refused("ADD COLUMN m.key.z INT")).contains("part of a map's keys");
    assertThat(refused("DROP COLUMN id")).contains("part of the key").contains("cannot be dropped");
    assertThat(refused("DROP COLUMN o.a")).contains("only field of its struct");
    assertThat(refused("DROP COLUMN nowhere")).contains("nowhere");
    assertThat(refused("RENAME COLUMN s TO d")).contains("FIELD_ALREADY_EXISTS");
    assertThat(refused("ALTER COLUMN id DROP NOT NULL")).contains("part of the key");
    assertThat(refused("ALTER COLUMN s SET NOT NULL")).contains("nullable column to non-nullable");
    assertThat(refused("ALTER COLUMN id TYPE DECIMAL(20, 0)"))
        .contains("'id' of type int cannot become decimal(20,0)")
        .contains("byte, short and int can become a longer integer");
    assertThat(refused("ALTER COLUMN i TYPE INT")).contains("NOT_SUPPORTED_CHANGE_COLUMN");
    assertThat(refused("ALTER COLUMN i TYPE STRING")).contains("cannot become string");
    assertThat(refused("ALTER COLUMN d TYPE DECIMAL(10, 4)")).contains("the same scale");
    assertThat(refused("ALTER COLUMN s TYPE STRING COLLATE UTF8_LCASE")).contains("cannot become");
    assertThat(refused("ALTER COLUMN o TYPE STRUCT<a: BIGINT>")).contains("CANNOT_UPDATE_FIELD");
    assertThat(refused("SET TBLPROPERTIES ('primaryKey' = 's')")).contains("keeps the key");
  }

  // --- predicates on what was written before ---

  @Test
  void predicatesSeeDefaultsAndWidenedValues() {
    create(
        "id INT, i INT, f FLOAT, d DECIMAL(9, 2), t DATE, s STRUCT<a: INT>",
        "(1, 10, 1.1, 5.25, DATE'2020-01-01', named_struct('a', 1)),"
            + " (2, null, null, null, null, null)");
    sql("INSERT INTO c.db.t VALUES (3, 30, 3.3, 7.25, DATE'2022-01-01', named_struct('a', 3))");
    alter("ADD COLUMN n INT DEFAULT 7");
    alter("ADD COLUMN z STRING");
    alter("ADD COLUMN q DOUBLE DEFAULT double('NaN')");
    alter("ADD COLUMN x STRING DEFAULT 'def'");
    alter("ADD COLUMN s.b INT DEFAULT 4");
    alter("ALTER COLUMN i TYPE BIGINT, f TYPE DOUBLE, d TYPE DECIMAL(25, 2), t TYPE TIMESTAMP_NTZ");
    alter("ALTER COLUMN id TYPE BIGINT");
    sql(
        "INSERT INTO c.db.t VALUES (5000000000, 50, 5.5, 9.25, TIMESTAMP_NTZ'2023-01-01 00:00:01',"
            + " named_struct('a', 5, 'b', 6), 8, 'z', 1.0, 'other')");
    List<String> predicates =
        List.of(
            "n = 7",
            "n = 8",
            "n > 7",
            "n IS NULL",
            "n IS NOT NULL",
            "n IN (1, 7)",
            "n <> 7",
            "z IS NULL",
            "z = 'z'",
            "z IS NOT NULL",
            "q = double('NaN')",
            "q > 1.0",
            "q <= 1.0",
            "x = 'def'",
            "x LIKE 'de%'",
            "x > 'e'",
            "s.b = 4",
            "s.b = 6",
            "s.b IS NULL",
            "s IS NULL",
            "s.a = 3",
            "i = 10",
            "i > 20",
            "i >= 50",
            "f = 1.5",
            "f < 2",
            "f > double(float(1.1))",
            "f = double(float(1.1))",
            "d = 5.25",
            "d > 5.25",
            "d < 6",
            "t = DATE'2020-01-01'",
            "t = TIMESTAMP_NTZ'2020-01-01 00:00:00'",
            "t > TIMESTAMP_NTZ'2020-01-01 00:00:00'",
            "t >= TIMESTAMP_NTZ'2022-01-01 00:00:00'",
            "t < TIMESTAMP_NTZ'2021-01-01 00:00:00'",
            "id = 1",
            "id = 5000000000",
            "id > 2",
            "id IN (1, 3, 5000000000)",
            "id < 3 AND n = 7");
    Dataset<Row> table = spark.table("c.db.t");
    Dataset<Row> local = spark.createDataFrame(table.collectAsList(), table.schema());
    assertThat(local.count()).isEqualTo(4);
    for (String predicate : predicates) {
      assertThat(ids(table, predicate)).as(predicate).isEqualTo(ids(local, predicate));
    }
    assertThat(ids(table, "s.b = 4")).isEqualTo("[[1], [3]]");
    assertThat(ids(table, "t = TIMESTAMP_NTZ'2020-01-01 00:00:00'")).isEqualTo("[[1]]");
  }

  private static String ids(Dataset<Row> rows, String predicate) {
    return rows.where(predicate).select("id").orderBy("id").collectAsList().toString();
  }

  // --- writes that change columns ---

  @Test
  @RequiresSpark(value = "4.2", feature = "WITH SCHEMA EVOLUTION")
  void insertsWithSchemaEvolution() throws Exception {
    create("id INT, name STRING", "(1, 'a')");
    sql(
        "INSERT WITH SCHEMA EVOLUTION INTO c.db.t BY NAME"
            + " SELECT 6000000000L AS id, 'b' AS name, 1.5D AS score");
    assertThat(rows()).isEqualTo("[[1,a,null], [6000000000,b,1.5]]");
    assertThat(columns()).isEqualTo("STRUCT<id: BIGINT NOT NULL, name: STRING, score: DOUBLE>");
    // A narrower type is no change: it is cast.
    sql(
        "INSERT WITH SCHEMA EVOLUTION INTO c.db.t BY NAME"
            + " SELECT 2 AS id, 'c' AS name, 2.5F AS score");
    assertThat(columns()).isEqualTo("STRUCT<id: BIGINT NOT NULL, name: STRING, score: DOUBLE>");
    assertThat(Errors.of(() -> sql("INSERT INTO c.db.t BY NAME SELECT 3 AS id, 1 AS more")))
        .contains("more");
    requireClean();
  }

  @Test
  @RequiresSpark(value = "4.2", feature = "WITH SCHEMA EVOLUTION")
  void mergesWithSchemaEvolution() throws Exception {
    create("id BIGINT, s STRUCT<a: INT>", "(1, named_struct('a', 1)), (2, named_struct('a', 2))");
    sql(
        "MERGE WITH SCHEMA EVOLUTION INTO c.db.t AS t USING (SELECT id,"
            + " named_struct('a', int(id * 10), 'b', 'new') AS s, id + 100 AS extra"
            + " FROM range(2, 4)) AS n ON t.id = n.id"
            + " WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *");
    assertThat(rows()).isEqualTo("[[1,[1,null],null], [2,[20,new],102], [3,[30,new],103]]");
    requireClean();
  }

  @Test
  @RequiresSpark(value = "4.2", feature = "WITH SCHEMA EVOLUTION")
  void dataFramesAreAppendedWithSchemaEvolution() throws Exception {
    create("id BIGINT, name STRING", "(1, 'a')");
    spark
        .range(2, 4)
        .selectExpr("id", "'b' AS name", "id * 2 AS twice")
        .write()
        .format("alexstore")
        .withSchemaEvolution()
        .mode("append")
        .save(path());
    assertThat(rows()).isEqualTo("[[1,a,null], [2,b,4], [3,b,6]]");
  }

  // --- beside others ---

  @Test
  void aWriteThatBeganBeforeAChangeGoesTogetherWithIt() throws Exception {
    create("id BIGINT, name STRING", "(1, 'a')");
    try (AlexTable table = AlexTable.open(path());
        var writer = table.appender(SegmentOptions.defaults())) {
      writer.append(ArrayRow.of(table.schema(), 2L, "b"));
      alter("ADD COLUMN n INT DEFAULT 9");
      alter("DROP COLUMN name");
      writer.commit();
    }
    assertThat(rows()).isEqualTo("[[1,9], [2,9]]");
    requireClean();
  }

  @Test
  void aDataFrameOfBeforeSaysThatTheColumnsAreOthers() {
    create("id BIGINT, name STRING", "(1, 'a')");
    Dataset<Row> before = spark.table("c.db.t");
    alter("DROP COLUMN name");
    assertThat(Errors.of(before::collectAsList)).contains("load it again");
  }
}
