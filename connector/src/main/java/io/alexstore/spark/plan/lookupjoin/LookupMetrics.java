package io.alexstore.spark.plan.lookupjoin;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.execution.metric.SQLMetrics;
import scala.Tuple2;
import scala.collection.immutable.Map;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What a lookup join counts, as Spark's UI shows it.
 *
 * @param probes rows of the other side
 * @param hits those of them whose keys the table has
 * @param segments segments that were opened, by each task
 * @param rows rows that the join gave
 * @param time how long tasks looked keys up, in nanoseconds; reading rows is not part of it
 */
record LookupMetrics(
    SQLMetric probes, SQLMetric hits, SQLMetric segments, SQLMetric rows, SQLMetric time)
    implements Serializable {

  private static final long serialVersionUID = 1L;

  static LookupMetrics of(SparkContext context) {
    return new LookupMetrics(
        SQLMetrics.createMetric(context, "probes"),
        SQLMetrics.createMetric(context, "probes that found a key"),
        SQLMetrics.createMetric(context, "segments touched"),
        SQLMetrics.createMetric(context, "number of output rows"),
        SQLMetrics.createNanoTimingMetric(context, "time in lookups", -1));
  }

  Map<String, SQLMetric> byName() {
    return Map.from(
        CollectionConverters.asScala(
            List.of(
                new Tuple2<>("probes", probes),
                new Tuple2<>("hits", hits),
                new Tuple2<>("segments", segments),
                new Tuple2<>("numOutputRows", rows),
                new Tuple2<>("lookupTime", time))));
  }
}
