package io.alexstore.examples;

import io.trino.tpch.LineItem;
import io.trino.tpch.LineItemGenerator;
import io.trino.tpch.Order;
import io.trino.tpch.OrderGenerator;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * The orders and line items of TPC-H, generated on the fly: the same rows for the same scale,
 * however many tasks make them. Scale 1 is 1.5 million orders and 6 million line items.
 */
public final class TpchData {

  private static final StructType ORDERS =
      StructType.fromDDL(
          "o_orderkey BIGINT NOT NULL, o_custkey BIGINT NOT NULL, o_orderstatus STRING NOT NULL,"
              + " o_totalprice DECIMAL(12,2) NOT NULL, o_orderdate DATE NOT NULL,"
              + " o_orderpriority STRING NOT NULL, o_clerk STRING NOT NULL,"
              + " o_shippriority INT NOT NULL, o_comment STRING NOT NULL");

  private static final StructType LINEITEM =
      StructType.fromDDL(
          "l_orderkey BIGINT NOT NULL, l_partkey BIGINT NOT NULL, l_suppkey BIGINT NOT NULL,"
              + " l_linenumber INT NOT NULL, l_quantity DECIMAL(12,2) NOT NULL,"
              + " l_extendedprice DECIMAL(12,2) NOT NULL, l_discount DECIMAL(12,2) NOT NULL,"
              + " l_tax DECIMAL(12,2) NOT NULL, l_returnflag STRING NOT NULL,"
              + " l_linestatus STRING NOT NULL, l_shipdate DATE NOT NULL,"
              + " l_commitdate DATE NOT NULL, l_receiptdate DATE NOT NULL,"
              + " l_shipinstruct STRING NOT NULL, l_shipmode STRING NOT NULL,"
              + " l_comment STRING NOT NULL");

  private TpchData() {}

  /**
   * The orders.
   *
   * @param scale the scale factor, above 0
   * @param parts the number of tasks that generate
   */
  public static Dataset<Row> orders(SparkSession spark, double scale, int parts) {
    return generate(
        spark, ORDERS, parts, part -> map(new OrderGenerator(scale, part, parts), TpchData::row));
  }

  /**
   * The line items; {@code (l_orderkey, l_linenumber)} is unique.
   *
   * @param scale the scale factor, above 0
   * @param parts the number of tasks that generate
   */
  public static Dataset<Row> lineitem(SparkSession spark, double scale, int parts) {
    return generate(
        spark,
        LINEITEM,
        parts,
        part -> map(new LineItemGenerator(scale, part, parts), TpchData::row));
  }

  /** A function that tasks can carry. */
  private interface Part extends Function<Integer, Iterator<Row>>, java.io.Serializable {}

  private static Dataset<Row> generate(
      SparkSession spark, StructType schema, int parts, Part generator) {
    List<Integer> numbers = IntStream.rangeClosed(1, parts).boxed().toList();
    FlatMapFunction<Integer, Row> rows = generator::apply;
    var rdd =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(numbers, parts)
            .flatMap(rows);
    return spark.createDataFrame(rdd, schema);
  }

  private static <T> Iterator<Row> map(Iterable<T> source, Function<T, Row> row) {
    Iterator<T> iterator = source.iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return iterator.hasNext();
      }

      @Override
      public Row next() {
        return row.apply(iterator.next());
      }
    };
  }

  private static Row row(Order o) {
    return RowFactory.create(
        o.getOrderKey(),
        o.getCustomerKey(),
        String.valueOf(o.getOrderStatus()),
        BigDecimal.valueOf(o.getTotalPriceInCents(), 2),
        LocalDate.ofEpochDay(o.getOrderDate()),
        o.getOrderPriority(),
        o.getClerk(),
        o.getShipPriority(),
        o.getComment());
  }

  private static Row row(LineItem l) {
    return RowFactory.create(
        l.getOrderKey(),
        l.getPartKey(),
        l.getSupplierKey(),
        l.getLineNumber(),
        BigDecimal.valueOf(l.getQuantity()),
        BigDecimal.valueOf(l.getExtendedPriceInCents(), 2),
        BigDecimal.valueOf(l.getDiscountPercent(), 2),
        BigDecimal.valueOf(l.getTaxPercent(), 2),
        l.getReturnFlag(),
        l.getStatus(),
        LocalDate.ofEpochDay(l.getShipDate()),
        LocalDate.ofEpochDay(l.getCommitDate()),
        LocalDate.ofEpochDay(l.getReceiptDate()),
        l.getShipInstructions(),
        l.getShipMode(),
        l.getComment());
  }
}
