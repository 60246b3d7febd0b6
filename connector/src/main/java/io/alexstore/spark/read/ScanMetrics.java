package io.alexstore.spark.read;

import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomSumMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/** What a scan counts, as Spark's UI shows it. Spark makes instances by the classes' names. */
public final class ScanMetrics {

  private ScanMetrics() {}

  /** All of them. */
  public static CustomMetric[] all() {
    return new CustomMetric[] {
      new SegmentsPruned(),
      new SegmentsRead(),
      new KeysLookedUp(),
      new RowGroupsSkipped(),
      new RowGroupsRead(),
      new RowsRead()
    };
  }

  /** A figure of one task, or of the driver. */
  public record Value(String name, long value) implements CustomTaskMetric {}

  /** Segments that the key ranges ruled out; known when the scan is planned. */
  public static final class SegmentsPruned extends CustomSumMetric {
    /** The metric's name. */
    public static final String NAME = "segmentsPruned";

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public String description() {
      return "segments pruned by key";
    }
  }

  /** Segments that are read; known when the scan is planned. */
  public static final class SegmentsRead extends CustomSumMetric {
    /** The metric's name. */
    public static final String NAME = "segmentsRead";

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public String description() {
      return "segments read";
    }
  }

  /** Keys and key ranges that were looked up; known when the scan is planned. */
  public static final class KeysLookedUp extends CustomSumMetric {
    /** The metric's name. */
    public static final String NAME = "keysLookedUp";

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public String description() {
      return "keys and key ranges looked up";
    }
  }

  /** Row groups that statistics ruled out. */
  public static final class RowGroupsSkipped extends CustomSumMetric {
    /** The metric's name. */
    public static final String NAME = "rowGroupsSkipped";

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public String description() {
      return "row groups skipped by statistics";
    }
  }

  /** Row groups of which rows were read. */
  public static final class RowGroupsRead extends CustomSumMetric {
    /** The metric's name. */
    public static final String NAME = "rowGroupsRead";

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public String description() {
      return "row groups read";
    }
  }

  /** Rows that were read. */
  public static final class RowsRead extends CustomSumMetric {
    /** The metric's name. */
    public static final String NAME = "rowsRead";

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public String description() {
      return "rows read";
    }
  }
}
