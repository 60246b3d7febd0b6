package io.alexstore.spark.plan.lookupjoin;

import io.alexstore.key.KeyCodec;
import io.alexstore.schema.ColumnType;
import io.alexstore.spark.convert.SparkValues;
import io.alexstore.spark.read.LookupReader;
import io.alexstore.spark.read.ProbeKeys;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.BasePredicate;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.Predicate$;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection$;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import scala.collection.AbstractIterator;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;

/**
 * The rows of one task of a lookup join. Probes are taken in batches, and copied, since Spark gives
 * the same row again and again; the first batches are small, so that a query that wants few rows
 * does little. A row that is given is valid until the next.
 */
final class LookupIterator extends AbstractIterator<InternalRow> implements Closeable {

  private static final int FIRST_BATCH = 1024;
  private static final int MAX_BATCH = 64 * 1024;
  private static final int GROWTH = 4;

  /** A batch is closed when its probes take so much. */
  private static final long MAX_BATCH_BYTES = 16L << 20;

  private final Iterator<InternalRow> input;
  private final LookupMetrics metrics;
  private final boolean perRow;
  private final LookupReader reader;
  private final ProbeKeys keys;
  private final SparkValues keyValues;
  private final UnsafeProjection toUnsafe;
  private final UnsafeProjection toKey;
  private final BasePredicate condition;
  private final UnsafeProjection matched;
  private final UnsafeProjection unmatched;
  private final JoinedRow joined = new JoinedRow();

  private UnsafeRow[] probes = new UnsafeRow[FIRST_BATCH];
  private boolean[] found = new boolean[FIRST_BATCH];
  private boolean[] hit = new boolean[FIRST_BATCH];
  private int batchSize = FIRST_BATCH;
  private int count;
  private boolean reading;
  // The next probe of the batch that may have no pair.
  private int next;
  private int segments;
  private InternalRow row;

  LookupIterator(LookupTask task, Iterator<InternalRow> input) {
    this.input = input;
    this.metrics = task.metrics;
    this.perRow = task.perRow;
    this.reader = new LookupReader(task.source);
    this.keys = new ProbeKeys(reader.keyCodec(), task.keyTypes.length);
    this.keyValues = SparkValues.ofTypes(keyTypes(task, reader.keyCodec()));
    this.toUnsafe = projection(task.probe);
    this.toKey = projection(task.keys);
    this.condition = task.condition == null ? null : Predicate$.MODULE$.create(task.condition);
    if (condition != null) {
      condition.initialize(0);
    }
    this.matched = projection(task.matched);
    this.unmatched = projection(task.unmatched);
  }

  private static List<ColumnType> keyTypes(LookupTask task, KeyCodec codec) {
    List<ColumnType> types = new ArrayList<>();
    for (int i = 0; i < task.keyTypes.length; i++) {
      types.add(task.keyTypes[i] == null ? codec.columns().get(i).type() : task.keyTypes[i]);
    }
    return types;
  }

  private static UnsafeProjection projection(Seq<Expression> expressions) {
    if (expressions == null) {
      return null;
    }
    UnsafeProjection projection = UnsafeProjection$.MODULE$.create(expressions);
    projection.initialize(0);
    return projection;
  }

  /** Ends it where there is no task, whose end does that. */
  @Override
  public void close() {
    reader.close();
  }

  @Override
  public boolean hasNext() {
    if (row == null) {
      row = advance();
    }
    return row != null;
  }

  @Override
  public InternalRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    InternalRow result = row;
    row = null;
    metrics.rows().add(1);
    return result;
  }

  private InternalRow advance() {
    try {
      while (true) {
        InternalRow result = reading ? pair() : probe();
        if (result != null) {
          return result;
        } else if (!reading && !input.hasNext()) {
          return null;
        } else if (!reading) {
          fill();
        } else {
          endReading();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look keys up", e);
    }
  }

  private void fill() throws IOException {
    keys.clear();
    count = 0;
    next = 0;
    long bytes = 0;
    while (count < batchSize && bytes < MAX_BATCH_BYTES && input.hasNext()) {
      InternalRow probe = input.next();
      UnsafeRow copy = (probe instanceof UnsafeRow unsafe ? unsafe : toUnsafe.apply(probe)).copy();
      if (count == probes.length) {
        probes = Arrays.copyOf(probes, Math.min(MAX_BATCH, 2 * count));
      }
      probes[count] = copy;
      bytes += copy.getSizeInBytes();
      keys.add(count++, keyValues.reset(toKey.apply(copy)));
    }
    if (found.length < probes.length) {
      found = new boolean[probes.length];
      hit = new boolean[probes.length];
    } else {
      Arrays.fill(found, 0, count, false);
      Arrays.fill(hit, 0, count, false);
    }
    batchSize = Math.min(MAX_BATCH, batchSize * GROWTH);
    metrics.probes().add(count);
    long start = System.nanoTime();
    reader.find(keys);
    metrics.time().add(System.nanoTime() - start);
    metrics.segments().add(reader.segmentsTouched() - (long) segments);
    segments = reader.segmentsTouched();
    reading = true;
  }

  /** The next row that comes of a pair; null if there is no other pair in this batch. */
  private InternalRow pair() throws IOException {
    while (reader.next()) {
      int probe = reader.probe();
      hit[probe] = true;
      if (!perRow && found[probe]) {
        continue;
      }
      joined.apply(probes[probe], reader.row());
      if (condition == null || condition.eval(joined)) {
        found[probe] = true;
        if (perRow) {
          return matched.apply(joined);
        }
      }
    }
    return null;
  }

  private void endReading() {
    reading = false;
    int hits = 0;
    for (int i = 0; i < count; i++) {
      hits += hit[i] ? 1 : 0;
    }
    metrics.hits().add(hits);
  }

  /** The next row that comes of a probe alone; null if there is no other in this batch. */
  private InternalRow probe() {
    while (next < count) {
      int probe = next++;
      UnsafeProjection output = found[probe] ? (perRow ? null : matched) : unmatched;
      if (output != null) {
        return output.apply(probes[probe]);
      }
    }
    return null;
  }
}
