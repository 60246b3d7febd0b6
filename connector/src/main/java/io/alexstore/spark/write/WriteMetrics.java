package io.alexstore.spark.write;

import io.alexstore.segment.RollingSegmentWriter;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomSumMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/** What Spark's UI shows of a write. Spark makes instances of the nested classes by name. */
public final class WriteMetrics {

  private static final String ROWS = "alexstoreRowsWritten";
  private static final String SEGMENTS = "alexstoreSegmentsWritten";
  private static final String BYTES = "alexstoreBytesWritten";

  private WriteMetrics() {}

  /** The rows that tasks wrote. */
  public static final class Rows extends CustomSumMetric {
    /** For Spark. */
    public Rows() {}

    @Override
    public String name() {
      return ROWS;
    }

    @Override
    public String description() {
      return "rows written";
    }
  }

  /** The segments that tasks began. */
  public static final class Segments extends CustomSumMetric {
    /** For Spark. */
    public Segments() {}

    @Override
    public String name() {
      return SEGMENTS;
    }

    @Override
    public String description() {
      return "segments written";
    }
  }

  /** The encoded bytes of these, without what the index adds to a segment when it is finished. */
  public static final class Bytes extends CustomSumMetric {
    /** For Spark. */
    public Bytes() {}

    @Override
    public String name() {
      return BYTES;
    }

    @Override
    public String description() {
      return "bytes written";
    }
  }

  private record Value(String name, long value) implements CustomTaskMetric {}

  static CustomMetric[] all() {
    return new CustomMetric[] {new Rows(), new Segments(), new Bytes()};
  }

  static CustomTaskMetric[] of(long rows, RollingSegmentWriter writer) {
    return new CustomTaskMetric[] {
      new Value(ROWS, rows),
      new Value(SEGMENTS, writer.segmentCount()),
      new Value(BYTES, writer.encodedBytes())
    };
  }
}
