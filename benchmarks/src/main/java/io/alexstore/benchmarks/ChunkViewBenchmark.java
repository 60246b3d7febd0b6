package io.alexstore.benchmarks;

import io.alexstore.bytes.BlockBytes;
import io.alexstore.row.ArrayRow;
import io.alexstore.schema.Column;
import io.alexstore.schema.ColumnType;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.StringType;
import io.alexstore.schema.TableKey;
import io.alexstore.schema.Values;
import io.alexstore.segment.chunk.ChunkEntry;
import io.alexstore.segment.chunk.ChunkView;
import io.alexstore.segment.chunk.EncodedChunk;
import io.alexstore.segment.chunk.NodeTree;
import io.alexstore.segment.chunk.RowGroupBuffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One column's chunk of 65,536 values: to buffer and encode it, to read values at random positions,
 * and to decode all of it, for data of each encoding. The chunk is in the cache: this is what the
 * code costs. Figures are for one value.
 *
 * <p>Run: {@code ./benchmarks/run chunks}; all of JMH's options may follow.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ChunkViewBenchmark {

  private static final int ROWS = 1 << 16;

  private static final String[] WORDS =
      ("packages requests accounts deposits foxes ideas theodolites instructions dependencies"
              + " excuses platelets asymptotes courts dolphins sleep wake nag haggle cajole are use"
              + " boost furious sly careful blithe quick fluffy slow quiet ruthless even final"
              + " ironic pending bold express special regular about above according to across after"
              + " against along among around at before behind beneath beside the")
          .split(" ");

  /** What the column holds. */
  public enum Data {
    /** Longs in 12 bits. */
    PACKED,
    /** Longs of 64 bits. */
    PLAIN,
    /** Longs of 64 bits, 1,000 different ones. */
    DICTIONARY,
    /** As {@code PACKED}, one in ten null. */
    NULLS,
    /** Doubles. */
    DOUBLES,
    /** Doubles with two decimal places. */
    PRICES,
    /** Strings of 8 to 30 bytes that do not compress. */
    STRINGS,
    /** Strings of 10 to 43 bytes of English words, which do; here they are decoded. */
    TEXT,
    /** Strings of 10 bytes, 1,000 different ones. */
    DICTIONARY_STRINGS
  }

  /** What the column holds. */
  @Param public Data data;

  private RowGroupBuffer buffer;
  private Values[] rows;
  private ChunkView view;
  private final int[] positions = new SplittableRandom(5).ints(ROWS, 0, ROWS).toArray();
  private final long[] longs = new long[ROWS];
  private final double[] doubles = new double[ROWS];
  private final byte[] value = new byte[64];

  /** Makes the values and a chunk of them. */
  @Setup
  public void encodeOnce() {
    ColumnType type =
        switch (data) {
          case DOUBLES, PRICES -> ScalarType.DOUBLE;
          case STRINGS, TEXT, DICTIONARY_STRINGS -> StringType.BINARY_ORDER;
          default -> ScalarType.LONG;
        };
    Schema schema =
        new Schema(
            0,
            List.of(new Column(1, "id", ScalarType.LONG, false), new Column(2, "c", type, true)),
            new TableKey(TableKey.Kind.PRIMARY, List.of(1)),
            2);
    NodeTree tree = new NodeTree(schema);
    SplittableRandom random = new SplittableRandom(3);
    rows = new Values[ROWS];
    for (int i = 0; i < ROWS; i++) {
      rows[i] = ArrayRow.of(schema, (long) i, value(random));
    }
    buffer = new RowGroupBuffer(schema, tree);
    EncodedChunk chunk = encode().get(0);
    ChunkEntry entry = chunk.entry();
    ByteBuffer file = ByteBuffer.allocateDirect(entry.length());
    file.put(chunk.bytes());
    view = ChunkView.open("benchmark", BlockBytes.unchecked(file), entry, tree.node(0));
    System.out.println(
        "encoding " + entry.encoding() + ", " + entry.length() * 8.0 / ROWS + " bits a value");
  }

  private Object value(SplittableRandom random) {
    return switch (data) {
      case PACKED -> (long) random.nextInt(4096);
      case PLAIN -> random.nextLong();
      case DICTIONARY -> random.nextInt(1000) * 0x9E3779B97F4A7C15L;
      case NULLS -> random.nextInt(10) == 0 ? null : (Object) (long) random.nextInt(4096);
      case DOUBLES -> random.nextDouble();
      case PRICES -> random.nextInt(1_000_000) / 100.0;
      case STRINGS -> letters(random, 8 + random.nextInt(23));
      case TEXT -> text(random, 10 + random.nextInt(34));
      case DICTIONARY_STRINGS -> ascii(random.nextInt(1000), 10);
    };
  }

  private static String letters(SplittableRandom random, int length) {
    StringBuilder letters = new StringBuilder();
    while (letters.length() < length) {
      letters.append((char) (' ' + random.nextInt(95)));
    }
    return letters.toString();
  }

  /** Cut from sentences, as TPC-H's comments are. */
  private static String text(SplittableRandom random, int length) {
    StringBuilder text = new StringBuilder();
    while (text.length() < length + 8) {
      text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
    }
    int start = random.nextInt(8);
    return text.substring(start, start + length);
  }

  private static String ascii(long number, int length) {
    String digits = Long.toString(number) + "x".repeat(length);
    byte[] bytes = digits.substring(0, length).getBytes(StandardCharsets.US_ASCII);
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  /** Buffers and encodes the values. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public List<EncodedChunk> encode() {
    for (Values row : rows) {
      buffer.append(row);
    }
    return buffer.drain(ROWS);
  }

  /** Reads values at random positions. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long get() {
    long sum = 0;
    for (int i : positions) {
      if (!view.isNull(i)) {
        sum +=
            switch (data) {
              case DOUBLES, PRICES -> (long) view.getDouble(i);
              case TEXT -> view.copyBytes(i, value, 0);
              case STRINGS, DICTIONARY_STRINGS -> view.bytesRange(i);
              default -> view.getLong(i);
            };
      }
    }
    return sum;
  }

  /** Decodes all values in turn; of strings that stand in place, their places. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public long scan() {
    switch (data) {
      case DOUBLES, PRICES -> {
        view.getDoubles(0, ROWS, doubles, 0);
        return (long) doubles[7];
      }
      case STRINGS, DICTIONARY_STRINGS -> {
        long sum = 0;
        for (int i = 0; i < ROWS; i++) {
          sum += view.bytesRange(i);
        }
        return sum;
      }
      case TEXT -> {
        long sum = 0;
        for (int i = 0; i < ROWS; i++) {
          sum += view.copyBytes(i, value, 0);
        }
        return sum;
      }
      default -> {
        view.getLongs(0, ROWS, longs, 0);
        return longs[7];
      }
    }
  }
}
