package io.alexstore.spark.plan.lookupjoin;

import io.alexstore.spark.plan.lookupjoin.ProbeBlocks.Block;
import io.alexstore.spark.plan.lookupjoin.ProbeBlocks.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.SparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import scala.collection.immutable.Seq;
import scala.concurrent.Await;
import scala.concurrent.duration.Duration;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction0;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * Probes that the driver has: brought there in order to count them, as Spark does it for a
 * broadcast, or given by the program. Tasks get them as blocks of bytes, which Java serializes many
 * times faster than as many rows.
 *
 * @param rows how many
 * @param blocks the rows
 */
record CountedProbes(long rows, List<Block> blocks) {

  /** A task looks up about so many probes, at least. */
  private static final int ROWS_OF_TASK = 2 * ProbeBlocks.ROWS;

  /**
   * Counts probes, and brings them here.
   *
   * @param maxRows the most rows
   * @param maxBytes the most bytes that they may have
   * @return empty if there are more: then no task goes on for longer than it takes to know that
   */
  static Optional<CountedProbes> count(
      RDD<InternalRow> probes, Seq<Attribute> columns, long maxRows, long maxBytes) {
    List<Expression> all = List.copyOf(CollectionConverters.asJava(columns));
    Gathering gathering = new Gathering(maxRows, maxBytes);
    int partitions = probes.getNumPartitions();
    List<Object> numbers = new ArrayList<>(IntStream.range(0, partitions).boxed().toList());
    SimpleFutureAction<BoxedUnit> job =
        probes
            .sparkContext()
            .submitJob(
                probes,
                new ProbeBlocks.Pack(Expressions.bind(all, columns), maxRows, maxBytes),
                Expressions.seq(numbers),
                gathering,
                new AbstractFunction0<BoxedUnit>() {
                  @Override
                  public BoxedUnit apply() {
                    return BoxedUnit.UNIT;
                  }
                });
    gathering.cancelIfTooMany(job);
    try {
      Await.result(job, Duration.Inf());
    } catch (InterruptedException e) {
      job.cancel();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while probes were counted", e);
    } catch (Exception e) {
      if (!gathering.isTooMany()) {
        throw Expressions.<RuntimeException>sneak(e);
      }
    }
    return gathering.result();
  }

  /** Probes that the driver has, of a local relation. */
  static CountedProbes of(InternalRow[] rows, Seq<Attribute> columns) {
    List<Expression> all = List.copyOf(CollectionConverters.asJava(columns));
    Part part =
        new ProbeBlocks.Pack(Expressions.bind(all, columns), Long.MAX_VALUE, Long.MAX_VALUE)
            .apply(CollectionConverters.asScala(Arrays.asList(rows).iterator()));
    return new CountedProbes(part.rows(), part.blocks());
  }

  /** Takes what tasks bring, and ends the job when that is too much. */
  private static final class Gathering extends AbstractFunction2<Object, Part, BoxedUnit> {
    private final long maxRows;
    private final long maxBytes;
    private final List<Block> blocks = new ArrayList<>();
    private long rows;
    private long bytes;
    private SimpleFutureAction<?> job;

    Gathering(long maxRows, long maxBytes) {
      this.maxRows = maxRows;
      this.maxBytes = maxBytes;
    }

    synchronized boolean isTooMany() {
      return rows > maxRows || bytes > maxBytes;
    }

    synchronized void cancelIfTooMany(SimpleFutureAction<?> running) {
      job = running;
      if (isTooMany()) {
        job.cancel();
      }
    }

    @Override
    public synchronized BoxedUnit apply(Object partition, Part part) {
      rows += part.rows();
      if (part.blocks() != null) {
        blocks.addAll(part.blocks());
        bytes += part.blocks().stream().mapToLong(block -> block.bytes().length).sum();
      }
      if (isTooMany()) {
        blocks.clear();
        if (job != null) {
          job.cancel();
        }
      }
      return BoxedUnit.UNIT;
    }

    synchronized Optional<CountedProbes> result() {
      return isTooMany() ? Optional.empty() : Optional.of(new CountedProbes(rows, blocks));
    }
  }

  /** Hands the probes out to as many tasks as are worth it. */
  RDD<InternalRow> distribute(SparkContext context, int fields) {
    return distribute(context, fields, Math.max(1, 2 * context.defaultParallelism()));
  }

  /**
   * Hands the probes out to tasks.
   *
   * @param most the most tasks
   */
  RDD<InternalRow> distribute(SparkContext context, int fields, int most) {
    int slices = (int) Math.max(1, Math.min(most, rows / ROWS_OF_TASK));
    RDD<Block> distributed =
        context.parallelize(
            Expressions.seq(blocks), slices, ClassTag$.MODULE$.<Block>apply(Block.class));
    return distributed.mapPartitions(
        new ProbeBlocks.Unpack(fields),
        false,
        ClassTag$.MODULE$.<InternalRow>apply(InternalRow.class));
  }
}
