package io.alexstore.segment.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.alexstore.error.CorruptFileException;
import io.alexstore.schema.ScalarType;
import io.alexstore.testkit.RandomizedTest;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Strings that are codes of symbols come back as they were, or with a clear error. */
class SymbolsTest {

  private static final NodeTree TREE = new NodeTree(ChunkFiles.schema(ScalarType.BINARY));

  /** What values are put together from, so that there is something to find. */
  private static byte[][] vocabulary(SplittableRandom random) {
    byte[][] words = new byte[1 + random.nextInt(300)][];
    int kind = random.nextInt(4);
    for (int i = 0; i < words.length; i++) {
      words[i] =
          switch (kind) {
            case 0 -> bytes(random, 1 + random.nextInt(20), 256);
            case 1 -> bytes(random, 1 + random.nextInt(3), 256);
            // Zeros, which also pad symbols and the ends of words.
            case 2 -> bytes(random, 1 + random.nextInt(12), 2);
            default -> letters(random).getBytes(StandardCharsets.UTF_8);
          };
    }
    return words;
  }

  private static byte[] bytes(SplittableRandom random, int length, int bound) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) random.nextInt(bound);
    }
    return bytes;
  }

  /** Characters of one to four bytes. */
  private static String letters(SplittableRandom random) {
    int[] from = {'a', 0xe0, 0x4e00, 0x1f600};
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i >= 0; i--) {
      text.appendCodePoint(from[random.nextInt(4)] + random.nextInt(20));
    }
    return text.toString();
  }

  private static Object[] values(SplittableRandom random) {
    byte[][] words = vocabulary(random);
    Object[] values = new Object[1 + random.nextInt(1 << random.nextInt(12))];
    int longest = 1 << random.nextInt(7);
    int nulls = random.nextInt(3) == 0 ? 3 : 0;
    int noise = random.nextInt(3) == 0 ? 10 : 0;
    for (int i = 0; i < values.length; i++) {
      ByteArrayOutputStream value = new ByteArrayOutputStream();
      int count = random.nextInt(100) == 0 ? 50 * longest : random.nextInt(longest);
      for (int w = 0; w < count; w++) {
        boolean isNoise = random.nextInt(100) < noise;
        value.writeBytes(isNoise ? bytes(random, 1, 256) : words[random.nextInt(words.length)]);
      }
      values[i] = random.nextInt(10) < nulls ? null : value.toByteArray();
    }
    if (random.nextInt(4) == 0) {
      // Few different ones, for a dictionary.
      Object[] few = Arrays.copyOf(values, Math.min(values.length, 1 + random.nextInt(80)));
      Arrays.setAll(values, i -> few[i % few.length]);
    }
    return values;
  }

  @RandomizedTest(iterations = 150)
  void valuesComeBack(SplittableRandom random) {
    Object[] values = values(random);
    ChunkView view = ChunkFiles.view(ScalarType.BINARY, values);
    check(view, values);
  }

  private static void check(ChunkView view, Object... values) {
    byte[] target = new byte[3];
    for (int i = 0; i < values.length; i++) {
      assertThat(view.isNull(i)).isEqualTo(values[i] == null);
      byte[] value = (byte[]) values[i];
      if (value == null) {
        continue;
      }
      assertThat(view.getBytes(i)).isEqualTo(value);
      if (target.length < value.length + 3) {
        target = new byte[2 * value.length + 3];
      }
      Arrays.fill(target, (byte) 7);
      assertThat(view.copyBytes(i, target, 2)).isEqualTo(value.length);
      assertThat(Arrays.copyOfRange(target, 2, 2 + value.length)).isEqualTo(value);
      assertThat(target[1]).isEqualTo((byte) 7);
      assertThat(target[2 + value.length]).isEqualTo((byte) 7);
      byte[] small = new byte[value.length];
      int row = i;
      assertThatThrownBy(() -> view.copyBytes(row, small, small.length + 1))
          .isInstanceOf(IndexOutOfBoundsException.class);
      boolean inPlace = view.bytesRange(i) != ChunkView.COMPRESSED;
      assertThat(view.isInPlace()).isEqualTo(inPlace);
    }
  }

  @Test
  void theSameBufferMakesOneTableAfterAnother() {
    SplittableRandom random = new SplittableRandom(5);
    var schema = ChunkFiles.schema(ScalarType.BINARY);
    RowGroupBuffer buffer = new RowGroupBuffer(schema, TREE);
    int compressed = 0;
    for (int group = 0; group < 40; group++) {
      Object[] values = values(random);
      for (Object value : values) {
        buffer.append(new ModelValues(0L, value));
      }
      ChunkView view = ChunkFiles.write(buffer.drain(values.length)).open(TREE, 0, values.length);
      check(view, values);
      compressed += view.isInPlace() ? 0 : 1;
    }
    assertThat(compressed).isGreaterThan(3);
  }

  @Test
  void everyByteMayBeEscaped() {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    byte[] text =
        "all work and no play makes a dull text, ".repeat(60).getBytes(StandardCharsets.US_ASCII);
    Object[] values = {new byte[0], all, text, new byte[] {-1}, null, text, new byte[] {0, 0}};
    ChunkView view = ChunkFiles.view(ScalarType.BINARY, values);
    assertThat(view.entry().symbols()).isPositive();
    check(view, values);
  }

  private static Object[] numbered() {
    Object[] values = new Object[1000];
    Arrays.setAll(
        values, i -> ("order number " + i + " of today").getBytes(StandardCharsets.US_ASCII));
    return values;
  }

  @Test
  void damageIsTold() {
    ChunkFiles.GroupFile group = ChunkFiles.encode(ScalarType.BINARY, numbered());
    ChunkEntry entry = group.entries().get(0);
    assertThat(entry.encoding()).isEqualTo(ChunkFormat.SYMBOLS);
    ByteBuffer bytes = group.file().buffer();
    int table = entry.offset() + entry.data();
    int lengths = table + 8 * entry.symbols();
    int codes = table + (int) ChunkFormat.symbolTableSize(entry.symbols());
    ChunkView view = group.open(TREE, 0, 1000);
    int last = codes + ends(view, entry) - 1;

    // The last code of all becomes an escape without a byte.
    byte old = bytes.get(last);
    bytes.put(last, (byte) ChunkFormat.ESCAPE);
    assertFails(view, 999, "ends after an escape");
    bytes.put(last, old);
    byte first = bytes.get(codes);
    bytes.put(codes, (byte) 254);
    if (entry.symbols() < 255) {
      assertFails(view, 0, "has code 254, but there are " + entry.symbols() + " symbols");
    }
    bytes.put(codes, first);
    for (int length : new int[] {0, 9, -1}) {
      byte good = bytes.get(lengths + (first & 0xff));
      bytes.put(lengths + (first & 0xff), (byte) length);
      assertFails(view, 0, "has a symbol of " + length + " bytes");
      bytes.put(lengths + (first & 0xff), good);
    }
    check(view, numbered());

    bytes.putShort(group.directory() + 34, (short) 256);
    assertThatThrownBy(() -> group.open(TREE, 0, 1000)).hasMessageContaining("symbols 256");
    bytes.putShort(group.directory() + 34, (short) entry.symbols());
    bytes.putInt(group.directory() + 36, entry.length() - 8);
    assertThatThrownBy(() -> group.open(TREE, 0, 1000))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("the symbol table take");
  }

  /** Where the codes of the last value end. */
  private static int ends(ChunkView view, ChunkEntry entry) {
    long bit = 1000L * entry.width();
    long packed = view.file.getLong(view.first + (int) (bit >>> 3)) >>> (bit & 7);
    long residual = packed & ((1L << entry.width()) - 1);
    return (int) (((entry.slope() * 1000) >>> ChunkFormat.SLOPE_SHIFT) + entry.base() + residual);
  }

  private static void assertFails(ChunkView view, int i, String message) {
    assertThatThrownBy(() -> view.getBytes(i))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining(ChunkFiles.PATH)
        .hasMessageContaining("value " + i + " of column 'c' " + message);
    assertThatThrownBy(() -> view.copyBytes(i, new byte[100], 0))
        .isInstanceOf(CorruptFileException.class);
  }

  @Test
  void copyingAllocatesNothing() {
    Object[] values = numbered();
    ChunkView view = ChunkFiles.view(ScalarType.BINARY, values);
    assertThat(view.isInPlace()).isFalse();
    byte[] target = new byte[100];
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long sum = 0;
    long before = 0;
    for (int round = 0; round < 21; round++) {
      if (round == 1) {
        before = threads.getThreadAllocatedBytes(thread);
      }
      for (int i = 0; i < values.length; i++) {
        sum += view.copyBytes(i, target, 0);
      }
    }
    long allocated = threads.getThreadAllocatedBytes(thread) - before;
    assertThat(sum).isPositive();
    assertThat(allocated).isLessThan(2000);
  }
}
