package io.alexstore.benchmarks.spark;

import io.alexstore.examples.TpchData;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/** TPC-H's line items, by the order that they belong to. */
final class LineItem {

  private static final long ORDERS_OF_SCALE = 1_500_000;

  private LineItem() {}

  /** The table of at about {@code rows} rows: scale 1 is 6 million. */
  static BenchmarkTable of(SparkSession spark, long rows) {
    double scale = rows / 6e6;
    long orders = (long) (ORDERS_OF_SCALE * scale);
    return new BenchmarkTable(
        "lineitem",
        TpchData.lineitem(spark, scale, 4),
        List.of("l_orderkey", "l_linenumber"),
        queries(orders));
  }

  /** TPC-H uses the first 8 of each 32 order keys. */
  private static long orderKey(long i) {
    return (i >>> 3 << 5) + (i & 7);
  }

  private static List<Query> queries(long orders) {
    return List.of(
        Query.point(
            "l_orderkey = k",
            random ->
                "SELECT * FROM %s WHERE l_orderkey = " + orderKey(random.nextLong(1, orders))),
        Query.each(
            "l_orderkey IN (100 keys)",
            21,
            random ->
                random
                    .longs(100, 1, orders)
                    .mapToObj(i -> Long.toString(orderKey(i)))
                    .collect(
                        Collectors.joining(", ", "SELECT * FROM %s WHERE l_orderkey IN (", ")"))),
        Query.each(
            "0.1 % range, aggregated",
            41,
            random ->
                "SELECT count(*), sum(l_extendedprice * (1 - l_discount)), max(l_shipdate)"
                    + " FROM %s WHERE "
                    + range(random, orders)),
        Query.each(
            "0.1 % range, collected",
            41, random -> "SELECT * FROM %s WHERE " + range(random, orders)),
        Query.of(
            "group by, full scan",
            9,
            "SELECT l_returnflag, l_linestatus, sum(l_quantity), sum(l_extendedprice),"
                + " sum(l_extendedprice * (1 - l_discount)), avg(l_discount), count(*) FROM %s"
                + " WHERE l_shipdate <= DATE '1998-09-02' GROUP BY l_returnflag, l_linestatus"),
        Query.of("count(*)", 21, "SELECT count(*) FROM %s"));
  }

  private static String range(SplittableRandom random, long orders) {
    long width = Math.max(1, orders / 1000);
    long from = random.nextLong(1, orders - width);
    return "l_orderkey BETWEEN " + orderKey(from) + " AND " + orderKey(from + width);
  }
}
