package io.alexstore.spark.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.io.FileStore;
import io.alexstore.io.LocalFileStore;
import io.alexstore.io.RefCountedCache.Lease;
import io.alexstore.log.SegmentEntry;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaJson;
import io.alexstore.segment.Segment;
import io.alexstore.segment.SegmentCache;
import io.alexstore.spark.TestSession;
import io.alexstore.table.AlexTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Strings that a task keeps to its end point into maps, which others would have closed. */
class SegmentLeaseTest {

  private static final int ROWS = 20_000;

  private final SparkSession spark = TestSession.get();

  @TempDir Path directory;

  @Test
  void stringsThatATaskKeepsStayGoodWhileOthersEvict() throws IOException {
    String path = directory.resolve("table").toString();
    spark
        .range(0, ROWS, 1, 1)
        .selectExpr(
            "id", // Text that does not compress stands in the map as it is.
            "base64(unhex(sha2(cast(id as string), 256))) s")
        .write()
        .format("alexstore")
        .option("primaryKey", "id")
        .option("targetSegmentSize", "20k")
        .save(path);
    List<String> files = new ArrayList<>();
    String schema;
    try (AlexTable table = AlexTable.open(path)) {
      table.snapshot().segments().stream()
          .map((SegmentEntry entry) -> entry.pathIn(path))
          .forEach(files::add);
      schema = SchemaJson.toText(table.schema());
    }
    SegmentCache cache = SegmentCache.ofProcess();
    assertThat(files.size()).isGreaterThan(2 * cache.maxOpen());
    var context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    long rows = context.parallelize(List.of(1), 1).map(one -> readAndKeep(files, schema)).first();
    assertThat(rows).isEqualTo(ROWS);
    // What had users is given up when these are done.
    assertThat(cache.size()).isLessThanOrEqualTo(cache.maxOpen());
  }

  /** Runs as a task. */
  private static long readAndKeep(List<String> files, String schemaJson) throws IOException {
    FileStore store = LocalFileStore.INSTANCE;
    SegmentCache cache = SegmentCache.ofProcess();
    Schema schema = SchemaJson.fromText(schemaJson, "the test");
    List<UTF8String> kept = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    List<SegmentSlice> slices = new ArrayList<>();
    for (String file : files) {
      try (Lease<Segment> lease = cache.acquire(store, file)) {
        slices.add(
            SegmentSlice.ofRows(
                file, Positions.run(0, lease.value().rowCount()), DeletedRows.NONE));
      }
    }
    var columns = List.of(schema.columns().get(1));
    var reader = new SegmentBatchReader(store, slices, schema, columns, ZoneFilter.ALL);
    while (reader.next()) {
      ColumnarBatch batch = reader.get();
      for (int i = 0; i < batch.numRows(); i++) {
        UTF8String string = batch.column(0).getUTF8String(i);
        kept.add(string);
        texts.add(string.toString());
      }
    }
    reader.close();
    assertThat(kept.get(0).getBaseObject()).as("strings point into the map").isNull();
    // All are in use, so that the bound is exceeded, and others come and go.
    assertThat(cache.size()).isGreaterThanOrEqualTo(files.size());
    for (int round = 0; round < 3; round++) {
      for (String file : files) {
        cache.acquire(store, file).close();
      }
      System.gc();
    }
    for (int i = 0; i < kept.size(); i++) {
      assertThat(kept.get(i).toString()).isEqualTo(texts.get(i));
    }
    return kept.size();
  }
}
