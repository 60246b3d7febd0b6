package io.alexstore.spark.write;

import io.alexstore.table.TaskWriter;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomSumMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/** What Spark's UI shows of a write. Spark makes instances of the nested classes by name. */
public final class WriteMetrics {

  private static final String ROWS = "alexstoreRowsWritten";
  private static final String SEGMENTS = "alexstoreSegmentsWritten";
  private static final String BYTES = "alexstoreBytesWritten";
  private static final String KEYS = "alexstoreKeysLookedUp";

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

  /** The keys that tasks looked up in the table, to see whether they are there already. */
  public static final class Keys extends CustomSumMetric {
    /** For Spark. */
    public Keys() {}

    @Override
    public String name() {
      return KEYS;
    }

    @Override
    public String description() {
      return "new keys looked up in the table";
    }
  }

  private record Value(String name, long value) implements CustomTaskMetric {}

  /** All of them. */
  public static CustomMetric[] all() {
    return new CustomMetric[] {new Rows(), new Segments(), new Bytes(), new Keys()};
  }

  /** Their values in a task that has written so many rows. */
  public static CustomTaskMetric[] of(long rows, TaskWriter writer) {
    return new CustomTaskMetric[] {
      new Value(ROWS, rows),
      new Value(SEGMENTS, writer.segmentCount()),
      new Value(BYTES, writer.encodedBytes()),
      new Value(KEYS, writer.keysProbed())
    };
  }
}
