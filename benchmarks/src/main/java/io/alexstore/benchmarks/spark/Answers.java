package io.alexstore.benchmarks.spark;

import java.util.List;
import org.apache.spark.sql.Row;

/** Compares what two formats answered: the same rows in any order, but for how sums round. */
final class Answers {

  private static final double TOLERANCE = 1e-9;

  private Answers() {}

  static void requireEqual(String what, List<Row> expected, List<Row> actual) {
    boolean equal = expected.size() == actual.size();
    List<Row> a = sorted(expected);
    List<Row> b = sorted(actual);
    for (int i = 0; equal && i < a.size(); i++) {
      equal = areEqual(a.get(i), b.get(i));
      if (!equal) {
        throw new IllegalStateException(
            what + " gives other rows: " + b.get(i) + " where others have " + a.get(i));
      }
    }
    if (!equal) {
      throw new IllegalStateException(
          what + " gives " + actual.size() + " rows where others give " + expected.size());
    }
  }

  /** In the order of their texts, sums left out. */
  private static List<Row> sorted(List<Row> rows) {
    return rows.stream().sorted(java.util.Comparator.comparing(Answers::sortKey)).toList();
  }

  private static String sortKey(Row row) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      if (!(row.get(i) instanceof Double)) {
        text.append(row.get(i)).append('\0');
      }
    }
    return text.toString();
  }

  private static boolean areEqual(Row a, Row b) {
    boolean equal = a.size() == b.size();
    for (int i = 0; equal && i < a.size(); i++) {
      Object x = a.get(i);
      Object y = b.get(i);
      equal =
          (x instanceof Double u && y instanceof Double v)
              ? Math.abs(u - v) <= TOLERANCE * Math.max(Math.abs(u), Math.abs(v))
              : java.util.Objects.equals(x, y);
    }
    return equal;
  }
}
