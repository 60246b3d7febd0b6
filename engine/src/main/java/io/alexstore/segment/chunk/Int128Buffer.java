package io.alexstore.segment.chunk;

import io.alexstore.schema.Values;
import java.math.BigInteger;
import java.util.Arrays;

/** 128-bit integers: the unscaled values of wide decimals. */
final class Int128Buffer extends NodeBuffer {

  private static final int WIDTH = 16;

  private long[] low = {};
  private long[] high = {};

  Int128Buffer(NodeTree.Node node) {
    super(node);
  }

  @Override
  long bytes() {
    return (long) count * WIDTH + (count >>> 3);
  }

  @Override
  void appendValue(Values row, int i) {
    BigInteger value = row.getBigInteger(i);
    if (value.bitLength() > 127) {
      throw new IllegalArgumentException(
          "value " + value + " of '" + node.name() + "' does not fit 128 bits");
    }
    append(value.longValue(), Int128.high(value));
  }

  @Override
  void appendNothing() {
    append(0, 0);
  }

  private void append(long newLow, long newHigh) {
    if (count == low.length) {
      int capacity = grown(count, count + 1L);
      low = Arrays.copyOf(low, capacity);
      high = Arrays.copyOf(high, capacity);
    }
    low[count] = newLow;
    high[count] = newHigh;
  }

  @Override
  void truncateValues(int n) {}

  @Override
  void dropValues(int n) {
    System.arraycopy(low, n, low, 0, count - n);
    System.arraycopy(high, n, high, 0, count - n);
  }

  @Override
  void encodeValues(int n, int nullCount, ChunkEncoder encoder) {
    int min = -1;
    int max = -1;
    for (int i = 0; i < n; i++) {
      if (nullCount == 0 || !isNull(i)) {
        if (min < 0 || Int128.compare(low[i], high[i], low[min], high[min]) < 0) {
          min = i;
        }
        if (max < 0 || Int128.compare(low[i], high[i], low[max], high[max]) > 0) {
          max = i;
        }
      }
    }
    encoder.bounds(
        new Bound(16, low[min], high[min]), false, new Bound(16, low[max], high[max]), false);
    long plain = (long) n * WIDTH;
    LongDictionary dictionary = encoder.longs();
    boolean isDictionary = dictionary.build(this, low, high, n, WIDTH, plain);
    if (counter != null && isDictionary) {
      counter.wide(dictionary.low(), dictionary.high(), dictionary.size());
    } else if (counter != null) {
      counter.wide(this, nullCount > 0, low, high, n);
    }
    if (isDictionary) {
      encoder.startDictionary(
          this, n, dictionary.codes(), dictionary.size(), (long) WIDTH * dictionary.size());
      encoder.out().putWords(dictionary.low(), dictionary.high(), dictionary.size());
    } else {
      encoder.startPlain(this, n, plain);
      encoder.out().putWords(low, high, n);
    }
  }
}
