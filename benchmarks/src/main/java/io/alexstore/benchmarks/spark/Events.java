package io.alexstore.benchmarks.spark;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * A table of events under random ids: all numbers of 64 bits are equally likely, and none comes
 * twice. Names and payloads are random letters and digits, which nothing compresses well.
 */
public final class Events {

  /** The columns; {@code id} is the key. */
  public static final StructType SCHEMA =
      StructType.fromDDL(
          "id BIGINT NOT NULL, ts TIMESTAMP, category STRING, name STRING, amount DOUBLE,"
              + " payload STRING");

  private static final String ALPHABET =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
  private static final long FIRST_SECOND = 1_700_000_000;
  private static final int SECONDS = 100_000_000;
  private static final int CATEGORIES = 100;

  private Events() {}

  /** The table. */
  static BenchmarkTable of(SparkSession spark, long rows) {
    return new BenchmarkTable("events", rows(spark, rows), List.of("id"), queries(rows));
  }

  /** The rows 0 to {@code rows - 1}, in no particular order of their ids. */
  public static Dataset<Row> rows(SparkSession spark, long rows) {
    return spark
        .range(0, rows, 1, 4)
        .map((MapFunction<Long, Row>) Events::row, Encoders.row(SCHEMA))
        .toDF();
  }

  /** The id of row {@code i}: a bijection of 64 bits, the finalizer of MurmurHash3. */
  public static long id(long i) {
    long z = i + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 33)) * 0xff51afd7ed558ccdL;
    z = (z ^ (z >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return z ^ (z >>> 33);
  }

  private static Row row(long i) {
    return row(i, 0);
  }

  /**
   * A row.
   *
   * @param edition 0 for the row as it is at first; others have the same id and other values
   */
  public static Row row(long i, long edition) {
    SplittableRandom random = new SplittableRandom(i ^ id(edition) ^ id(0));
    return RowFactory.create(
        id(i),
        java.sql.Timestamp.from(
            java.time.Instant.ofEpochSecond(
                FIRST_SECOND + random.nextInt(SECONDS), 1000L * random.nextInt(1_000_000))),
        "category-" + random.nextInt(CATEGORIES),
        text(random, 20),
        random.nextInt(1_000_000) / 100.0,
        text(random, 60));
  }

  private static String text(SplittableRandom random, int length) {
    char[] text = new char[length];
    for (int i = 0; i < length; i++) {
      text[i] = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
    }
    return new String(text);
  }

  private static List<Query> queries(long rows) {
    return List.of(
        new Query(
            "id = k", 151, random -> "SELECT * FROM %s WHERE id = " + id(random.nextLong(rows))),
        new Query(
            "id IN (100 keys)",
            21,
            random ->
                random
                    .longs(100, 0, rows)
                    .mapToObj(i -> Long.toString(id(i)))
                    .collect(Collectors.joining(", ", "SELECT * FROM %s WHERE id IN (", ")"))),
        new Query(
            "0.1 % range, aggregated",
            21, random -> "SELECT count(*), sum(amount), max(ts) FROM %s WHERE " + range(random)),
        new Query(
            "0.1 % range, collected", 21, random -> "SELECT * FROM %s WHERE " + range(random)),
        Query.of(
            "group by, full scan",
            9,
            "SELECT category, count(*), sum(amount) FROM %s GROUP BY category"),
        Query.of("count(*)", 21, "SELECT count(*) FROM %s"));
  }

  private static String range(SplittableRandom random) {
    long width = Long.MAX_VALUE / 500;
    long from = random.nextLong(Long.MIN_VALUE, Long.MAX_VALUE - width);
    return "id BETWEEN " + from + " AND " + (from + width);
  }
}
