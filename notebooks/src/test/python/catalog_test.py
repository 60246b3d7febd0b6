"""The catalog and the data source as PySpark meets them, with nothing but the packaged jar, and with Hive's support for
sessions, as in the pyspark shell; it keeps its metastore in the working directory.

Run: python catalog_test.py JAR WAREHOUSE
"""

import sys
import unittest
from datetime import date
from decimal import Decimal

from pyspark.sql import Row, SparkSession
from pyspark.sql import functions as F

JAR = WAREHOUSE = None


def setUpModule():
    global spark
    spark = (
        SparkSession.builder.master("local[2]")
        .appName("alexstore from Python")
        .config("spark.jars", JAR)
        .config("spark.sql.extensions", "io.alexstore.spark.AlexStoreExtensions")
        .config("spark.sql.catalog.c", "io.alexstore.spark.AlexStoreCatalog")
        .config("spark.sql.catalog.c.warehouse", WAREHOUSE)
        .config("spark.sql.shuffle.partitions", 2)
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .enableHiveSupport()
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    spark.sql("CREATE NAMESPACE c.db")


def tearDownModule():
    spark.stop()


def rows(query):
    return [tuple(row) for row in spark.sql(query).collect()]


def explain(frame):
    return frame._jdf.queryExecution().toString()


class CatalogTest(unittest.TestCase):
    """Each test has a table of its own, c.db.<name of the test>, of three orders."""

    def setUp(self):
        self.table = "c.db." + self._testMethodName
        spark.sql(
            f"CREATE TABLE {self.table} (id BIGINT NOT NULL, status STRING DEFAULT 'new', price DECIMAL(12,2),"
            " CHECK (price >= 0), PRIMARY KEY (id)) COMMENT 'orders'"
        )
        spark.sql(f"INSERT INTO {self.table} VALUES (1, 'open', 10.50), (2, 'open', 20), (3, 'done', 30)")

    def all(self, suffix=""):
        return rows(f"SELECT id, status, price FROM {self.table}{suffix} ORDER BY id")

    def assert_fails(self, pattern, action):
        with self.assertRaisesRegex(Exception, pattern):
            action()

    def test_definition(self):
        created = rows(f"SHOW CREATE TABLE {self.table}")[0][0]
        self.assertRegex(created, r"PRIMARY KEY \(id\)")
        facts = {row[0]: row[1] for row in rows(f"DESCRIBE EXTENDED {self.table}")}
        self.assertEqual(facts["Comment"], "orders")
        self.assertIn("alexstore.rows=3", facts["Table Properties"])
        self.assertIn(("db", "test_definition", False), rows("SHOW TABLES IN c.db"))
        self.assertTrue(spark.catalog.tableExists(self.table))

    def test_created_from_a_query(self):
        copy = self.table + "_copy"
        spark.sql(f"CREATE TABLE {copy} TBLPROPERTIES ('primaryKey'='id') AS SELECT * FROM {self.table}")
        spark.sql(f"ALTER TABLE {copy} RENAME TO db.renamed")
        self.assertEqual(rows("SELECT count(*) FROM c.db.renamed"), [(3,)])
        spark.sql("DROP TABLE c.db.renamed")
        self.assertFalse(spark.catalog.tableExists("c.db.renamed"))

    def test_a_key_that_is_there_is_refused(self):
        def append():
            spark.sql(f"INSERT INTO {self.table} VALUES (4, 'new', 1), (2, 'again', 1)")

        self.assert_fails(r"DuplicateKeyException: (?s:.*)\(id=2\)", append)
        self.assertEqual([row[0] for row in self.all()], [1, 2, 3])

    def test_a_check_is_enforced(self):
        self.assert_fails(
            "CHECK_CONSTRAINT_VIOLATION", lambda: spark.sql(f"INSERT INTO {self.table} VALUES (4, 'new', -1)")
        )

    def test_on_conflict(self):
        spark.sql(f"INSERT INTO {self.table} WITH ('onConflict'='update') VALUES (2, 'paid', 21), (4, DEFAULT, 40)")
        spark.sql(f"INSERT INTO {self.table} WITH ('onConflict'='ignore') VALUES (2, 'lost', 0), (5, DEFAULT, 50)")
        self.assertEqual(
            self.all(),
            [
                (1, "open", Decimal("10.50")),
                (2, "paid", Decimal("21.00")),
                (3, "done", Decimal("30.00")),
                (4, "new", Decimal("40.00")),
                (5, "new", Decimal("50.00")),
            ],
        )

    def test_update_and_delete(self):
        spark.sql(f"UPDATE {self.table} SET status = 'paid', price = price + 1 WHERE id = 2")
        spark.sql(f"DELETE FROM {self.table} WHERE id IN (1, 99)")
        spark.sql(f"UPDATE {self.table} SET id = id + 10 WHERE status = 'done'")
        self.assertEqual(self.all(), [(2, "paid", Decimal("21.00")), (13, "done", Decimal("30.00"))])

    def test_merge(self):
        changes = spark.createDataFrame([(2, "paid"), (3, "gone"), (7, "new")], "id BIGINT, status STRING")
        changes.createOrReplaceTempView("changes")
        spark.sql(
            f"""MERGE INTO {self.table} t USING changes s ON t.id = s.id
            WHEN MATCHED AND s.status = 'gone' THEN DELETE
            WHEN MATCHED THEN UPDATE SET status = s.status
            WHEN NOT MATCHED THEN INSERT (id, status) VALUES (s.id, s.status)"""
        )
        self.assertEqual(
            self.all(), [(1, "open", Decimal("10.50")), (2, "paid", Decimal("20.00")), (7, "new", None)]
        )

    def test_merge_by_data_frame(self):
        schema = "id BIGINT, status STRING, price DECIMAL(12,2)"
        changes = spark.createDataFrame([(1, "paid", Decimal(1)), (8, "new", Decimal(8))], schema)
        (
            changes.alias("s")
            .mergeInto(self.table, F.expr(f"{self.table}.id = s.id"))
            .whenMatched()
            .update({"status": F.col("s.status")})
            .whenNotMatched()
            .insertAll()
            .merge()
        )
        self.assertEqual(self.all()[0], (1, "paid", Decimal("10.50")))
        self.assertEqual(self.all()[-1], (8, "new", Decimal("8.00")))

    def test_older_versions(self):
        before = self.all()
        version = rows(f"SELECT max(version) FROM {self.table}.snapshots")[0][0]
        spark.sql(f"DELETE FROM {self.table} WHERE id = 1")
        spark.sql(f"ALTER TABLE {self.table} ADD COLUMN note STRING DEFAULT 'none'")
        self.assertEqual(self.all(f" VERSION AS OF {version}"), before)
        old = spark.read.option("versionAsOf", version).table(self.table)
        self.assertEqual(old.columns, ["id", "status", "price"])
        self.assertEqual(old.count(), 3)
        self.assertEqual(spark.table(self.table).columns, ["id", "status", "price", "note"])
        self.assert_fails("future", lambda: self.all(" TIMESTAMP AS OF '2999-01-01'"))

    def test_columns_change(self):
        spark.sql(f"ALTER TABLE {self.table} ADD COLUMNS (note STRING DEFAULT 'none', n INT)")
        spark.sql(f"ALTER TABLE {self.table} RENAME COLUMN status TO state")
        spark.sql(f"ALTER TABLE {self.table} ALTER COLUMN n TYPE BIGINT")
        spark.sql(f"ALTER TABLE {self.table} DROP COLUMN n")
        self.assertEqual(rows(f"SELECT state, note FROM {self.table} WHERE id = 3"), [("done", "none")])
        self.assert_fails("key", lambda: spark.sql(f"ALTER TABLE {self.table} DROP COLUMN id"))

    def test_procedures(self):
        for i in range(10, 15):
            spark.sql(f"INSERT INTO {self.table} VALUES ({i}, 'open', {i})")
        name = self.table.removeprefix("c.")
        before = self.all()
        self.assertGreater(rows(f"SELECT count(*) FROM {self.table}.segments")[0][0], 1)
        spark.sql(f"CALL c.system.compact(table => '{name}', rewrite_all => true)").collect()
        self.assertEqual(rows(f"SELECT count(*) FROM {self.table}.segments"), [(1,)])
        self.assertEqual(self.all(), before)
        spark.sql(f"CALL c.system.rollback(table => '{name}', version => 1)").collect()
        self.assertEqual([row[0] for row in self.all()], [1, 2, 3])
        spark.sql(f"CALL c.system.expire_snapshots(table => '{name}', retention_period => '0 seconds')").collect()
        self.assertGreater(rows(f"SELECT min(version) FROM {self.table}.snapshots")[0][0], 1)
        self.assert_fails("Version 1 .* has expired", lambda: self.all(" VERSION AS OF 1"))
        orphans = f"CALL c.system.remove_orphan_files(table => '{name}', dry_run => true)"
        self.assertEqual(spark.sql(orphans).collect()[0].deleted_files, 0)
        verified = spark.sql(f"CALL c.system.verify(table => '{name}')").collect()
        self.assertTrue(verified)
        procedures = {row[-1] for row in rows("SHOW PROCEDURES IN c.system")}
        self.assertTrue(
            {"compact", "expire_snapshots", "rollback", "remove_orphan_files", "verify"} <= procedures, procedures
        )

    def test_history(self):
        spark.sql(f"DELETE FROM {self.table} WHERE id = 1")
        self.assertEqual(
            rows(f"SELECT operation FROM {self.table}.history ORDER BY version"), [("create",), ("append",), ("delete",)]
        )
        self.assertEqual(
            rows(f"SELECT rows, deleted_rows FROM {self.table}.snapshots ORDER BY version DESC LIMIT 1"), [(2, 1)]
        )
        self.assertEqual(rows(f"SELECT id, _position FROM {self.table} WHERE id = 2"), [(2, 1)])

    def test_lookups(self):
        found = spark.table(self.table).where("id = 2").select(F.upper("status"))
        self.assertEqual(found.collect(), [Row("OPEN")])
        many = self.table + "_many"
        spark.range(0, 400_000, 1, 4).selectExpr("id * 3 AS id", "'v' || id AS v").writeTo(many).using(
            "alexstore"
        ).tableProperty("primaryKey", "id").create()
        feed = spark.createDataFrame([(k,) for k in range(0, 3_000)], "k BIGINT")
        feed.createOrReplaceTempView("feed")
        for joined in (
            feed.join(spark.table(many).hint("lookup_join"), F.col("k") == F.col("id")),
            spark.sql(f"SELECT /*+ LOOKUP_JOIN(t) */ * FROM feed JOIN {many} t ON k = id"),
            spark.sql(f"SELECT /*+ LOOKUP_JOIN({many}) */ * FROM feed JOIN {many} ON k = id"),
        ):
            self.assertIn("by the hint LOOKUP_JOIN", explain(joined))
            self.assertEqual(joined.agg(F.count("*"), F.sum("id")).collect(), [Row(1000, 1_498_500)])

    def test_unknown_names(self):
        self.assert_fails("not be found|NOT_FOUND", lambda: spark.table("c.db.nothing"))
        self.assert_fails("onConflict", lambda: spark.read.option("onConflikt", "x").table(self.table).collect())


class DataFrameTest(unittest.TestCase):
    """The data source by path, as README.md shows it."""

    SCHEMA = (
        "id BIGINT, name STRING, day DATE, price DECIMAL(12,2), tags ARRAY<STRING>, at STRUCT<x: DOUBLE, y: DOUBLE>,"
        " counts MAP<STRING, INT>, raw BINARY"
    )

    def path(self):
        return f"{WAREHOUSE}/by-path/{self._testMethodName}"

    def write(self, data, mode="overwrite", **options):
        frame = spark.createDataFrame(data, self.SCHEMA)
        frame.write.format("alexstore").mode(mode).options(**options).save(self.path())

    def read(self, **options):
        return spark.read.format("alexstore").options(**options).load(self.path())

    @staticmethod
    def row(i):
        return (
            i,
            f"naïve {i} ✓",
            date(2026, 1, 1 + i % 28),
            Decimal(i) / 4,
            [str(i), None],
            (i / 2, None),
            {"a": i},
            bytes([i % 256, 0]),
        )

    def test_values_come_back(self):
        data = [self.row(i) for i in range(300)]
        self.write(data[::-1], primaryKey="id")
        back = [tuple(row) for row in self.read().orderBy("id").collect()]
        self.assertEqual(len(back), 300)
        for expected, actual in zip(data, back):
            self.assertEqual(tuple(actual[5]), expected[5])
            self.assertEqual(actual[:5] + actual[6:], expected[:5] + expected[6:])

    def test_modes_and_options(self):
        self.write([self.row(i) for i in range(10)], primaryKey="id")
        with self.assertRaisesRegex(Exception, r"DuplicateKeyException"):
            self.write([self.row(9)], mode="append")
        with self.assertRaisesRegex(Exception, "already exists|ALREADY_EXISTS"):
            self.write([self.row(11)], mode="error")
        changed = (9, "changed") + self.row(9)[2:]
        self.write([changed, self.row(10)], mode="append", onConflict="update")
        table = self.read()
        self.assertEqual(table.count(), 11)
        self.assertEqual(table.where("id = 9").select("name").collect(), [Row("changed")])
        self.assertEqual(self.read(versionAsOf=0).count(), 10)
        self.assertEqual(
            [row.operation for row in self.read(metadataTable="history").orderBy("version").collect()],
            ["create", "upsert"],
        )
        self.assertEqual(spark.sql(f"SELECT count(*) FROM alexstore.`{self.path()}`").collect(), [Row(11)])

    def test_python_functions(self):
        self.write([self.row(i) for i in range(100)], primaryKey="id")
        double = F.udf(lambda i: 2 * i, "BIGINT")
        total = self.read().where("id BETWEEN 10 AND 19").select(double("id").alias("d")).agg(F.sum("d"))
        self.assertEqual(total.collect(), [Row(290)])
        by_batch = self.read().select("id").mapInPandas(lambda batches: (b + 1 for b in batches), "id BIGINT")
        self.assertEqual(by_batch.agg(F.sum("id")).collect(), [Row(5050)])
        names = self.read().where("id IN (3, 5, 1000)").rdd.map(lambda row: row.name).collect()
        self.assertEqual(sorted(names), ["naïve 3 ✓", "naïve 5 ✓"])

    def test_pandas(self):
        self.write([self.row(i) for i in range(100)], primaryKey="id")
        part = self.read().where("id >= 90").select("id", "name", "price", "tags").orderBy("id").toPandas()
        self.assertEqual(list(part["id"]), list(range(90, 100)))
        self.assertEqual(part["price"][1], Decimal("22.75"))
        part["name"] = "from pandas"
        changed = spark.createDataFrame(part[["id", "name"]], "id BIGINT, name STRING")
        changed.createOrReplaceTempView("changed")
        spark.sql(
            f"MERGE INTO alexstore.`{self.path()}` t USING changed s ON t.id = s.id"
            " WHEN MATCHED THEN UPDATE SET name = s.name"
        )
        self.assertEqual(self.read().where("name = 'from pandas'").count(), 10)

    def test_stream_of_upserts(self):
        self.write([self.row(i) for i in range(3)], primaryKey="id")

        def upsert(batch, number):
            batch.write.format("alexstore").mode("append").option("onConflict", "update").save(self.path())

        source = self.path() + "-source"
        spark.createDataFrame([self.row(i) for i in range(2, 6)], self.SCHEMA).write.parquet(source)
        stream = spark.readStream.schema(self.SCHEMA).parquet(source).writeStream.foreachBatch(upsert)
        stream = stream.option("checkpointLocation", self.path() + "-checkpoint").trigger(availableNow=True)
        stream.start().awaitTermination()
        self.assertEqual(self.read().count(), 6)


if __name__ == "__main__":
    JAR, WAREHOUSE = sys.argv[1:]
    unittest.main(argv=sys.argv[:1], verbosity=2)
