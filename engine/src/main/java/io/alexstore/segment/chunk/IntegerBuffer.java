package io.alexstore.segment.chunk;

import io.alexstore.schema.PhysicalType;
import io.alexstore.schema.Values;
import java.util.Arrays;

/** Booleans and integers of up to 64 bits. */
final class IntegerBuffer extends NodeBuffer {

  private final int width;
  private final long least;
  private final long most;
  private long[] values = {};

  IntegerBuffer(NodeTree.Node node) {
    super(node);
    boolean isBoolean = node.physical() == PhysicalType.BOOLEAN;
    width = node.physical().width();
    least = isBoolean ? 0 : -1L << (8 * width - 1);
    most = isBoolean ? 1 : ~least;
  }

  @Override
  long bytes() {
    // Each takes 8 bytes of heap, and lists may have any number of them: count no less than half.
    return (long) count * Math.max(width, Integer.BYTES) + (count >>> 3);
  }

  @Override
  void appendValue(Values row, int i) {
    long value = row.getLong(i);
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "value " + value + " of '" + node.name() + "' is not in " + least + " to " + most);
    }
    reserve();
    values[count] = value;
  }

  @Override
  void appendNothing() {
    reserve();
    values[count] = 0;
  }

  private void reserve() {
    if (count == values.length) {
      values = Arrays.copyOf(values, grown(count, count + 1L));
    }
  }

  @Override
  void truncateValues(int n) {}

  @Override
  void dropValues(int n) {
    System.arraycopy(values, n, values, 0, count - n);
  }

  @Override
  void encodeValues(int n, int nullCount, ChunkEncoder encoder) {
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    for (int i = 0; i < n; i++) {
      if (nullCount == 0 || !isNull(i)) {
        min = Math.min(min, values[i]);
        max = Math.max(max, values[i]);
      }
    }
    encoder.bounds(new Bound(8, min, 0), false, new Bound(8, max, 0), false);
    int bits = ChunkFormat.bits(max - min);
    long plain =
        node.physical() == PhysicalType.BOOLEAN
            ? Long.MAX_VALUE
            : ChunkFormat.pad((long) n * width);
    long packed = bits > ChunkFormat.MAX_WIDTH ? Long.MAX_VALUE : ChunkFormat.packedSize(n, bits);
    LongDictionary dictionary = encoder.longs();
    boolean isDictionary = dictionary.build(this, values, null, n, width, Math.min(plain, packed));
    if (counter != null && isDictionary) {
      counter.integers(dictionary.low(), dictionary.size());
    } else if (counter != null) {
      counter.integers(this, nullCount > 0, values, n, min, max);
    }
    if (isDictionary) {
      encoder.startDictionary(
          this, n, dictionary.codes(), dictionary.size(), (long) width * dictionary.size());
      encoder.out().putLongs(dictionary.low(), dictionary.size(), width);
    } else if (packed < plain) {
      if (nullCount > 0) {
        for (int i = 0; i < n; i++) {
          values[i] = isNull(i) ? min : values[i];
        }
      }
      encoder.startPacked(this, n, min, bits, packed);
      encoder.out().putPacked(values, n, min, bits);
    } else {
      encoder.startPlain(this, n, plain);
      encoder.out().putLongs(values, n, width);
    }
  }
}
