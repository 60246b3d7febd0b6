package io.alexstore.segment.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.bytes.BlockBytes;
import io.alexstore.error.CorruptFileException;
import io.alexstore.error.UnsupportedFormatException;
import io.alexstore.schema.Column;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.StringType;
import io.alexstore.testkit.RandomizedTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Damage that no checksum tells gives a clear error or some value, and no other exception. */
class ChunkCorruptionTest {

  @RandomizedTest(iterations = 40)
  void flippedBytesAreErrorsOrValues(SplittableRandom random) {
    RandomColumns columns = new RandomColumns(random);
    Column column = columns.column(3);
    Schema schema = ChunkFiles.schema(column);
    NodeTree tree = new NodeTree(schema);
    int rows = 1 + random.nextInt(100);
    RowGroupBuffer buffer = new RowGroupBuffer(schema, tree);
    for (int i = 0; i < rows; i++) {
      buffer.append(new ModelValues(0L, columns.value(column.type(), column.nullable())));
    }
    ChunkFiles.GroupFile group = ChunkFiles.write(buffer.drain(rows));
    ByteBuffer bytes = group.file().buffer();
    for (int flip = 0; flip < 200; flip++) {
      boolean inDirectory = random.nextInt(4) > 0;
      int from = inDirectory ? group.directory() : 64;
      int to = inDirectory ? bytes.capacity() : group.directory();
      if (from == to) {
        continue;
      }
      int at = random.nextInt(from, to);
      byte old = bytes.get(at);
      bytes.put(at, random.nextBoolean() ? (byte) random.nextInt() : (byte) (old ^ 1 << flip % 8));
      try {
        read(group.open(tree, 0, rows));
      } catch (CorruptFileException e) {
        assertThat(e.path()).isEqualTo(ChunkFiles.PATH);
        assertThat(e.offset()).isBetween(0L, (long) bytes.capacity());
      } catch (UnsupportedFormatException e) {
        assertThat(e).hasMessageContaining("codec");
      }
      bytes.put(at, old);
    }
  }

  private static void read(ChunkView view) {
    int n = view.count();
    boolean isNone = view.entry().encoding() == ChunkFormat.NONE;
    for (int i = 0; i < n; i++) {
      view.isNull(i);
      switch (view.node().physical()) {
        case BOOLEAN, INT8, INT16, INT32, INT64 -> view.getLong(i);
        case FLOAT32 -> view.getFloat(i);
        case FLOAT64 -> view.getDouble(i);
        case INT128 -> view.getBigInteger(i);
        case BYTES -> {
          long range = view.bytesRange(i);
          if (range == ChunkView.COMPRESSED) {
            assertThat(view.getBytes(i).length).isLessThanOrEqualTo(8 * view.entry().length());
            continue;
          }
          int start = (int) (range >>> 32);
          int end = start + (int) range;
          int chunk = view.entry().offset();
          checkWithin(start, end, chunk, chunk + view.entry().length());
          view.getBytes(i);
        }
        case LIST, MAP -> {
          int start = view.elementStart(i);
          int end = view.elementEnd(i);
          checkWithin(start, end, 0, isNone ? 0 : view.child(0).count());
        }
        default -> assertThat(view.childCount()).isEqualTo(view.node().children().size());
      }
    }
    for (int child = 0; child < view.childCount(); child++) {
      read(view.child(child));
    }
  }

  private static void checkWithin(int start, int end, int from, int to) {
    if (start < from || end < start || end > to) {
      throw new AssertionError(start + " to " + end + " is not within " + from + " to " + to);
    }
  }

  @Test
  void errorsSayWhatIsWrong() {
    ChunkFiles.GroupFile group = ChunkFiles.encode(ScalarType.LONG, 1L, 2L, 3L);
    ByteBuffer bytes = group.file().buffer();
    NodeTree tree = new NodeTree(ChunkFiles.schema(ScalarType.LONG));
    assertThatThrownBy(() -> group.open(tree, 0, 4))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining(ChunkFiles.PATH)
        .hasMessageContaining("'c' has 3 values, expected 4");
    bytes.put(group.directory() + 11, (byte) 57);
    assertThatThrownBy(() -> group.open(tree, 0, 3)).hasMessageContaining("bit width 57");
    bytes.put(group.directory() + 11, (byte) 56);
    assertThatThrownBy(() -> group.open(tree, 0, 3)).hasMessageContaining("take 32 bytes");
    bytes.put(group.directory() + 8, (byte) 99);
    assertThatThrownBy(() -> group.open(tree, 0, 3)).hasMessageContaining("encoding 99");
    bytes.put(group.directory() + 8, (byte) ChunkFormat.BYTES);
    assertThatThrownBy(() -> group.open(tree, 0, 3)).hasMessageContaining("does not fit");
    bytes.putInt(group.directory() + 4, Integer.MIN_VALUE);
    assertThatThrownBy(() -> group.open(tree, 0, 3))
        .hasMessageContaining("chunk end 2147483712, expected in the file");
  }

  @Test
  void aBlockIsCheckedBeforeItIsRead() {
    Object[] values = new Object[20_000];
    for (int i = 0; i < values.length; i++) {
      byte[] value = new byte[5 + i % 3];
      ByteBuffer.wrap(value).putInt(i * 31);
      values[i] = i % 7 == 0 ? null : value;
    }
    ChunkFiles.GroupFile group = ChunkFiles.encode(StringType.BINARY_ORDER, values);
    ByteBuffer good = group.file().buffer();
    ByteBuffer hidden = ByteBuffer.allocate(good.capacity()).order(ByteOrder.LITTLE_ENDIAN);
    int[] blocks = new int[1];
    // A block is filled when it is touched: a value read too early would be zeros.
    BlockBytes lazy =
        BlockBytes.checked(
            hidden,
            (bytes, block) -> {
              blocks[0]++;
              int from = block << BlockBytes.BLOCK_SHIFT;
              int n = Math.min(BlockBytes.BLOCK_SIZE, good.capacity() - from);
              hidden.put(from, good, from, n);
            });
    NodeTree tree = new NodeTree(ChunkFiles.schema(StringType.BINARY_ORDER));
    ChunkView view =
        ChunkView.open(ChunkFiles.PATH, lazy, group.directory(), tree, 0, values.length);
    assertThat(view.isNull(9_999)).isFalse();
    assertThat(view.getBytes(9_999)).isEqualTo(values[9_999]);
    assertThat(blocks[0]).as("blocks touched by a point read").isLessThanOrEqualTo(6);
    for (int i = 0; i < values.length; i++) {
      assertThat(view.isNull(i)).isEqualTo(values[i] == null);
      if (values[i] != null) {
        assertThat(view.getBytes(i)).isEqualTo(values[i]);
      }
    }
  }
}
