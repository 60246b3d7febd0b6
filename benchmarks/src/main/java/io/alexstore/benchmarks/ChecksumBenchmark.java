package io.alexstore.benchmarks;

import io.alexstore.io.FileStore;
import io.alexstore.io.FileStores;
import io.alexstore.row.ArrayRow;
import io.alexstore.schema.Column;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.StringType;
import io.alexstore.schema.TableKey;
import io.alexstore.segment.ReadOptions;
import io.alexstore.segment.RollingSegmentWriter;
import io.alexstore.segment.Segment;
import io.alexstore.segment.SegmentOptions;
import io.alexstore.segment.chunk.ChunkView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What the checksums cost a reader: a random row of 20 columns (ten integers, five doubles, five
 * strings of 16 bytes), found by key and read whole, with and without the check at first touch.
 * Warm: every block was checked before. Cold: the segment was just opened, so that nearly every row
 * touches blocks for the first time; the file is in the page cache.
 *
 * <p>Run: {@code ./benchmarks/run checks}; all of JMH's options may follow.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ChecksumBenchmark {

  private static final int ROWS = 2_000_000;
  private static final int COLUMNS = 20;
  private static final int SAMPLE = 1 << 10;

  /** Whether blocks are checked. */
  @Param({"true", "false"})
  public boolean verify;

  private Path directory;
  private Path file;
  private Segment warm;
  private Segment cold;
  private final SplittableRandom random = new SplittableRandom(11);

  /** Writes the segment, and reads all of it once through the warm reader. */
  @Setup(Level.Trial)
  public void write() throws IOException {
    directory = Files.createTempDirectory("alexstore-checks");
    file = Path.of(writeTable());
    warm = open();
    for (int column = 1; column < COLUMNS; column++) {
      for (int position = 0; position < ROWS; position++) {
        read(warm, position, column);
      }
    }
    for (long key = 0; key < ROWS; key++) {
      warm.find(3 * key);
    }
  }

  /** A fresh reader for each cold invocation. */
  @Setup(Level.Invocation)
  public void reopen() throws IOException {
    if (cold != null) {
      cold.close();
    }
    cold = open();
  }

  /** Deletes the segment. */
  @TearDown(Level.Trial)
  public void delete() throws IOException {
    warm.close();
    cold.close();
    try (var files = Files.walk(directory)) {
      for (Path path : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** Rows whose blocks were all checked before. */
  @Benchmark
  @OperationsPerInvocation(SAMPLE)
  public void warm(Blackhole sink) {
    rows(warm, sink);
  }

  /** Rows of a segment that was just opened. */
  @Benchmark
  @OperationsPerInvocation(SAMPLE)
  public void cold(Blackhole sink) {
    rows(cold, sink);
  }

  private void rows(Segment segment, Blackhole sink) {
    for (int i = 0; i < SAMPLE; i++) {
      int position = segment.find(3L * random.nextInt(ROWS));
      long sum = 0;
      for (int column = 1; column < COLUMNS; column++) {
        sum += read(segment, position, column);
      }
      sink.consume(sum);
    }
  }

  private static long read(Segment segment, int position, int column) {
    if (column >= 15) {
      long range = segment.bytesRange(column, position);
      return segment.bytes().getByte((int) (range >>> 32));
    }
    int shift = segment.rowGroupShift();
    int place = position & ((1 << shift) - 1);
    ChunkView chunk = segment.chunk(column, position >>> shift);
    return column < 10 ? chunk.getLong(place) : Double.doubleToRawLongBits(chunk.getDouble(place));
  }

  private Segment open() throws IOException {
    FileStore store = FileStores.forPath(file.toString());
    return Segment.open(store, file.toString(), new ReadOptions(verify));
  }

  private String writeTable() throws IOException {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column(1, "id", ScalarType.LONG, false));
    for (int i = 1; i < COLUMNS; i++) {
      columns.add(
          new Column(
              i + 1,
              "c" + i,
              i < 10 ? ScalarType.LONG : i < 15 ? ScalarType.DOUBLE : StringType.BINARY_ORDER,
              false));
    }
    Schema schema =
        new Schema(0, columns, new TableKey(TableKey.Kind.PRIMARY, List.of(1)), COLUMNS);
    String table = directory.toString();
    SegmentOptions options = SegmentOptions.defaults().withTargetSegmentSize(1L << 30);
    SplittableRandom values = new SplittableRandom(3);
    try (RollingSegmentWriter writer =
        new RollingSegmentWriter(
            FileStores.forPath(table), table, UUID.randomUUID(), schema, options)) {
      Object[] row = new Object[COLUMNS];
      for (int r = 0; r < ROWS; r++) {
        row[0] = 3L * r;
        for (int i = 1; i < COLUMNS; i++) {
          row[i] =
              i < 10
                  ? (Object) values.nextLong()
                  : i < 15
                      ? (Object) values.nextDouble()
                      : String.format("%016x", values.nextLong());
        }
        writer.append(ArrayRow.of(schema, row));
      }
      return directory.resolve(writer.finish().get(0).path()).toString();
    }
  }
}
