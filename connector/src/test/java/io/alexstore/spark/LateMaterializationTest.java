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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Of rows that a query filters away, the columns that it merely returns are not read, not even
 * checked: shown by damaging them.
 */
class LateMaterializationTest {

  private static final SparkSession SPARK = TestSession.get();

  private static final int ROWS = 20_000;

  // The rows whose values are whole; some before and after them share their blocks.
  private static final int FROM = 12_000;
  private static final int TO = 12_600;

  @TempDir static Path directory;

  @BeforeAll
  static void write() throws IOException {
    SPARK
        .range(0, ROWS)
        .repartition(1)
        .selectExpr(
            "id",
            "id div 100 v",
            "id % 1000 w",
            // Does not compress, and so each value has a place that can be damaged.
            "base64(unhex(sha2(cast(id as string), 256))) payload",
            "named_struct('a', cast(id as int), 'b', md5(cast(id as string))) s")
        .write()
        .format("alexstore")
        .option("primaryKey", "id")
        .mode(SaveMode.Append)
        .save(directory.resolve("t").toString());
    List<Path> segments = Damage.segments(directory.resolve("t"));
    assertThat(segments).hasSize(1);
    assertThat(Damage.values(segments.get(0), "payload", 0, FROM)).isGreaterThan(100);
    assertThat(Damage.values(segments.get(0), "payload", TO, ROWS - 1)).isGreaterThan(50);
  }

  private static Dataset<Row> rows(String where) {
    return SPARK
        .read()
        .format("alexstore")
        .option("localScanRows", 0)
        .load(directory.resolve("t").toString())
        .where(where);
  }

  private static void check(String where, int count) {
    List<Row> found = rows(where).select("id", "payload").collectAsList();
    assertThat(found).as(where).hasSize(count);
    for (Row row : found) {
      assertThat(row.getString(1)).isEqualTo(payload(row.getLong(0)));
    }
  }

  private static String payload(long id) {
    try {
      var digest = java.security.MessageDigest.getInstance("SHA-256");
      return java.util.Base64.getEncoder()
          .encodeToString(
              digest.digest(Long.toString(id).getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void readsThePayloadOfKeysAskedFor() {
    check("id between 12100 and 12200", 101);
    check("id in (12100, 12300, 12301)", 3);
  }

  @Test
  void readsThePayloadOfRowsThatPassAFilter() {
    // Statistics do not help: one row group holds all rows.
    check("v = 122", 100);
    check("v + 1 = 123", 100);
    check("w between 200 and 210 and id div 1000 = 12", 11);
    check("s.a > 12200 and s.a < 12300", 99);
    check("s.b = md5('12345')", 1);
  }

  @Test
  void readsThePayloadOfRowsThatAJoinKeeps() {
    Dataset<Row> few = SPARK.range(122, 123).toDF("v");
    List<Row> joined =
        rows("true")
            .join(org.apache.spark.sql.functions.broadcast(few), "v")
            .select("id", "payload")
            .collectAsList();
    assertThat(joined).hasSize(100);
  }

  @Test
  void findsTheDamageWhereItIsRead() {
    for (String where : List.of("v = 50", "id = 700", "true")) {
      assertThatThrownBy(() -> rows(where).select("payload").collectAsList())
          .as(where)
          .rootCause()
          .isInstanceOf(CorruptFileException.class);
    }
    assertThat(rows("v >= 0").selectExpr("sum(w)").head().getLong(0)).isEqualTo(9_990_000);
  }
}
