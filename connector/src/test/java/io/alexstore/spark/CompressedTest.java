package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.io.LocalFileStore;
import io.alexstore.segment.Segment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Strings that are compressed in segments are Spark's strings when they are read. */
class CompressedTest {

  private static final SparkSession SPARK = TestSession.get();
  private static final int ROWS = 20_000;

  @TempDir static Path directory;

  @BeforeAll
  static void write() {
    Dataset<Row> rows =
        SPARK
            .range(0, ROWS, 1, 2)
            .selectExpr(
                "id",
                "concat('order ', id * 7919 % 20000, ' was shipped größtenteils by truck') text",
                "if(id % 3 = 0, null, concat('line ', id, ' of a note in some binary')) maybe",
                "cast(concat('bytes of ', id * 31 % 9973, ' and more') as binary) raw",
                "concat(repeat('a topic that is long enough ', 4), id % 400) topic",
                "array(concat('first element ', id), null, concat('third element ', id)) list",
                "named_struct('x', concat('a field of a struct ', id), 'n', id) struct",
                "id * 37 % 10000 / 100.0D - 20 price");
    rows.write().parquet(directory.resolve("parquet").toString());
    rows.write()
        .format("alexstore")
        .option("primaryKey", "id")
        .save(directory.resolve("t").toString());
    SPARK.read().parquet(directory.resolve("parquet").toString()).createOrReplaceTempView("peer");
    SPARK
        .read()
        .format("alexstore")
        .load(directory.resolve("t").toString())
        .createOrReplaceTempView("compressed");
  }

  @Test
  void theColumnsAreCompressed() throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("t"))) {
      List<Path> segments = files.filter(f -> f.toString().endsWith(".alexseg")).toList();
      assertThat(segments).isNotEmpty();
      for (Path file : segments) {
        try (Segment segment = Segment.open(LocalFileStore.INSTANCE, file.toString())) {
          for (String name : List.of("text", "maybe", "raw", "topic")) {
            int column =
                segment.schema().columns().stream().map(c -> c.name()).toList().indexOf(name);
            assertThat(segment.chunk(column, 0).isInPlace()).as(name).isFalse();
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select * from %s order by id",
        "select * from %s where id in (3, 7000, 7001, 19999) order by id",
        "select id, text from %s where text = 'order 17 was shipped größtenteils by truck'",
        "select id, text from %s where text like 'order 199%%' order by id",
        "select id from %s where maybe > 'line 98' or maybe is null order by id",
        "select id from %s where raw = cast('bytes of 77 and more' as binary) order by id",
        "select topic, count(*), max(text), min(maybe), max(price) from %s group by topic order by 1",
        "select text, list[2], struct.x, length(raw) from %s where id between 50 and 5000 order by id",
        "select max(struct.x), min(list[0]), count(distinct text), max(topic) from %s",
        "select id, price from %s where price = 12.34D or price < -19.9D order by id",
        "select a.text, b.text from %s a join %s b on a.text = b.text where a.id < 100 order by 1"
      })
  void givesWhatParquetGives(String query) {
    List<Row> expected = SPARK.sql(query.replace("%s", "peer").replace("%%", "%")).collectAsList();
    assertThat(expected).isNotEmpty();
    List<Row> actual =
        SPARK.sql(query.replace("%s", "compressed").replace("%%", "%")).collectAsList();
    assertThat(Canonical.rows(actual, 0)).isEqualTo(Canonical.rows(expected, 0));
  }
}
