package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.commit.OnConflict;
import io.alexstore.row.ArrayRow;
import io.alexstore.segment.SegmentOptions;
import io.alexstore.table.AlexTable;
import io.alexstore.table.TableWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statements beside which another writer commits, after they have read and before they commit. */
class ChangeConflictsTest {

  /** What the other writer does, once. */
  private static final AtomicReference<Callable<?>> OTHER = new AtomicReference<>();

  private final SparkSession shared = TestSession.get();

  @TempDir Path directory;

  @BeforeEach
  void create() {
    use(TestSession.extended());
    SparkSession.active()
        .range(0, 10)
        .selectExpr("id", "id * 10 AS v")
        .write()
        .format("alexstore")
        .option("primaryKey", "id")
        .save(path());
  }

  private static void use(SparkSession parent) {
    SparkSession spark = parent.newSession();
    spark.conf().set("spark.sql.catalog.alexstore", AlexStorePathCatalog.class.getName());
    UDF1<Long, Long> meanwhile =
        value -> {
          Callable<?> other = OTHER.getAndSet(null);
          if (other != null) {
            other.call();
          }
          return value;
        };
    spark.udf().register("meanwhile", functions.udf(meanwhile, DataTypes.LongType));
    SparkSession.setActiveSession(spark);
  }

  @AfterEach
  void sharedSession() {
    SparkSession.setActiveSession(shared);
  }

  private String path() {
    return directory.resolve("table").toString();
  }

  private String sql(String text) {
    return SparkSession.active()
        .sql(text.replace("$t", "alexstore.`" + path() + "`"))
        .collectAsList()
        .toString();
  }

  /** Runs a statement beside another writer; its error, or nothing. */
  private String run(String statement, Callable<?> other) {
    OTHER.set(other);
    String error = "";
    try {
      sql(statement);
    } catch (Exception e) {
      error =
          Errors.of(
              () -> {
                throw e;
              });
    }
    assertThat(OTHER.get()).as("the other writer came between").isNull();
    return error;
  }

  private Callable<?> upsert(long id) {
    return () -> {
      try (AlexTable table = AlexTable.open(path());
          TableWriter writer = table.appender(OnConflict.UPDATE, SegmentOptions.defaults())) {
        writer.append(ArrayRow.of(table.schema(), id, 1000 + id));
        return writer.commit();
      }
    };
  }

  private Callable<?> delete(long id) {
    return () -> {
      try (AlexTable table = AlexTable.open(path())) {
        return table.delete(List.of(id));
      }
    };
  }

  private String rows(String ids) {
    return sql("SELECT * FROM $t WHERE id IN (" + ids + ") ORDER BY id");
  }

  @Test
  void oneOfTwoThatChangeARowLoses() {
    assertThat(run("UPDATE $t SET v = meanwhile(v) + 1 WHERE id = 3", upsert(3)))
        .contains("CommitConflict");
    assertThat(run("UPDATE $t SET v = meanwhile(v) + 1 WHERE id = 4", delete(4)))
        .contains("CommitConflict");
    assertThat(run("DELETE FROM $t WHERE meanwhile(v) = 50", upsert(5))).contains("CommitConflict");
    assertThat(rows("3, 4, 5")).isEqualTo("[[3,1003], [5,1005]]");
  }

  @Test
  void thoseThatChangeDifferentRowsOfOneSegmentBothWin() {
    assertThat(run("UPDATE $t SET v = meanwhile(v) + 1 WHERE id = 3", delete(4))).isEmpty();
    assertThat(run("UPDATE $t SET v = meanwhile(v) + 1 WHERE id = 5", upsert(6))).isEmpty();
    assertThat(rows("3, 4, 5, 6")).isEqualTo("[[3,31], [5,51], [6,1006]]");
  }

  @Test
  void rowsThatMayFulfilTheConditionAreAConflict() {
    assertThat(run("UPDATE $t SET v = meanwhile(v) + 1 WHERE v > 80", upsert(50)))
        .contains("CommitConflict");
    assertThat(run("DELETE FROM $t WHERE id < 60 AND meanwhile(v) = 10", upsert(51)))
        .contains("CommitConflict");
    assertThat(run("DELETE FROM $t WHERE id < 40 AND meanwhile(v) = 10", upsert(52))).isEmpty();
    assertThat(sql("SELECT id FROM $t WHERE id NOT BETWEEN 2 AND 9 ORDER BY id"))
        .isEqualTo("[[0], [50], [51], [52]]");
  }

  private static final String MERGE =
      "MERGE INTO $t USING (SELECT meanwhile(id) AS k FROM range(8, 12)) AS s ON id = k"
          + " WHEN MATCHED THEN UPDATE SET v = -1 WHEN NOT MATCHED THEN INSERT (id, v) VALUES (k, -2)";

  @Test
  void aMergeByKeyDependsOnItsKeysOnly() {
    assertThat(run(MERGE, upsert(30))).isEmpty();
    assertThat(rows("7, 8, 9, 10, 11, 30"))
        .isEqualTo("[[7,70], [8,-1], [9,-1], [10,-2], [11,-2], [30,1030]]");
  }

  @Test
  void aMergeByKeyMindsOthersThatInsertOrChangeItsKeys() {
    // Run again, it finds that row.
    assertThat(run(MERGE, upsert(11)))
        .contains("CommitConflict", "id=11", "Begin the write again")
        .doesNotContain("onConflict");
    assertThat(run(MERGE, upsert(9))).contains("CommitConflict");
    assertThat(rows("8, 9, 10, 11")).isEqualTo("[[8,80], [9,1009], [11,1011]]");
  }

  @Test
  void aMergeThatIsRunAgainFindsWhatItsFirstRunDidNot() {
    assertThat(run(MERGE, upsert(10))).contains("CommitConflict");
    assertThat(run(MERGE, delete(0))).isEmpty();
    assertThat(rows("8, 9, 10, 11")).isEqualTo("[[8,-1], [9,-1], [10,-1], [11,-2]]");
    assertThat(run(MERGE.replace("id = k", "v = k"), delete(2))).contains("Duplicate key", "id=8");
  }

  /** It is as if the other had come after it: its row is not updated. */
  @Test
  void aKeyedMergeThatInsertsNothingDoesNotSeeKeysThatOthersAddMeanwhile() {
    String update = MERGE.substring(0, MERGE.indexOf(" WHEN NOT"));
    assertThat(run(update, upsert(10))).isEmpty();
    assertThat(rows("8, 9, 10, 11")).isEqualTo("[[8,-1], [9,-1], [10,1010]]");
    String some = MERGE.replace("NOT MATCHED", "NOT MATCHED AND k = 11");
    assertThat(run(some, delete(10))).contains("CommitConflict");
    assertThat(run(some, upsert(10))).isEmpty();
    assertThat(rows("8, 9, 10, 11")).isEqualTo("[[8,-1], [9,-1], [10,1010], [11,-2]]");
  }

  @Test
  void otherMergesDependOnAllRows() {
    String bySource = MERGE + " WHEN NOT MATCHED BY SOURCE AND id > 20 THEN DELETE";
    assertThat(run(bySource, upsert(31))).contains("CommitConflict");
    assertThat(run(MERGE.replace("id = k", "v = k"), upsert(32))).contains("CommitConflict");
    use(shared);
    assertThat(run(MERGE, upsert(33))).contains("CommitConflict");
    assertThat(run(MERGE, delete(1))).isEmpty();
  }

  @Test
  void keysThatAreDeletedAreThoseOfTheNewestVersion() throws Exception {
    sql("CREATE OR REPLACE TEMPORARY VIEW before AS SELECT * FROM $t");
    upsert(40).call();
    sql("DELETE FROM $t WHERE id > 8");
    assertThat(sql("SELECT max(id) FROM $t")).isEqualTo("[[8]]");
  }

  @Test
  void upsertsGoTogether() {
    String upsert =
        "INSERT INTO $t WITH ('onConflict' = 'update') SELECT meanwhile(id), -5 FROM range(2, 5)";
    assertThat(run(upsert, upsert(3))).isEmpty();
    assertThat(rows("2, 3, 4, 5")).isEqualTo("[[2,-5], [3,-5], [4,-5], [5,50]]");
    String ignore = upsert.replace("update", "ignore").replace("(2, 5)", "(59, 62)");
    assertThat(run(ignore, upsert(60))).isEmpty();
    assertThat(rows("59, 60, 61")).isEqualTo("[[59,-5], [60,1060], [61,-5]]");
    String plain = "INSERT INTO $t SELECT meanwhile(id), 0 FROM range(70, 73)";
    assertThat(run(plain, upsert(71))).contains("Duplicate key", "id=71");
  }
}
