package io.alexstore.benchmarks.spark;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;

/** Counts the jobs that Spark starts. Spark tells its listeners from a thread of its own. */
public final class JobCounter extends SparkListener {

  private final AtomicInteger jobs = new AtomicInteger();

  /** Counts from 0, once it is a listener. */
  public JobCounter() {}

  @Override
  public void onJobStart(SparkListenerJobStart start) {
    jobs.incrementAndGet();
  }

  /** The jobs since the last call. */
  public int take(SparkContext context) {
    try {
      context.listenerBus().waitUntilEmpty();
    } catch (java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException("Spark's listeners do not keep up", e);
    }
    return jobs.getAndSet(0);
  }
}
