package io.alexstore.segment.chunk;

import io.alexstore.schema.StringType;
import io.alexstore.schema.Values;
import java.util.Arrays;

/** Strings and binary. */
final class BytesBuffer extends NodeBuffer {

  private final boolean hasBounds;
  private byte[] data = {};
  private int[] ends = {};

  BytesBuffer(NodeTree.Node node) {
    super(node);
    hasBounds = !(node.type() instanceof StringType string) || string.isBinaryOrder();
  }

  private int start(int i) {
    return i == 0 ? 0 : ends[i - 1];
  }

  @Override
  long bytes() {
    return start(count) + 4L * count + (count >>> 3);
  }

  @Override
  void appendValue(Values row, int i) {
    byte[] value = row.getBytes(i);
    int start = start(count);
    long end = (long) start + value.length;
    if (end > data.length) {
      data = Arrays.copyOf(data, grown(data.length, end));
    }
    System.arraycopy(value, 0, data, start, value.length);
    append((int) end);
  }

  @Override
  void appendNothing() {
    append(start(count));
  }

  private void append(int end) {
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, grown(count, count + 1L));
    }
    ends[count] = end;
  }

  @Override
  void truncateValues(int n) {}

  @Override
  void dropValues(int n) {
    int dropped = start(n);
    System.arraycopy(data, dropped, data, 0, start(count) - dropped);
    for (int i = n; i < count; i++) {
      ends[i - n] = ends[i] - dropped;
    }
  }

  @Override
  void encodeValues(int n, int nullCount, ChunkEncoder encoder) {
    if (hasBounds) {
      bound(n, nullCount, encoder);
    }
    int length = ends[n - 1];
    long offsetsSize = encoder.fitOffsets(ends, n);
    long plain = offsetsSize + ChunkFormat.pad(length);
    BytesDictionary dictionary = encoder.bytes();
    if (dictionary.build(this, data, ends, n, plain)) {
      int size = dictionary.size();
      long offsetBytes = ChunkFormat.pad(4L * (size + 1));
      encoder.startDictionary(
          this, n, dictionary.codes(), size, offsetBytes + dictionary.dataLength());
      ChunkOutput out = encoder.out();
      int offset = 0;
      out.putInt(0);
      for (int code = 0; code < size; code++) {
        offset += dictionary.length(code);
        out.putInt(offset);
      }
      out.pad();
      for (int code = 0; code < size; code++) {
        out.putBytes(data, dictionary.start(code), dictionary.length(code));
      }
      out.pad();
    } else {
      encoder.startOffsets(ChunkFormat.BYTES, this, n, offsetsSize, length);
      encoder.out().putBytes(data, 0, length);
      encoder.out().pad();
    }
  }

  private void bound(int n, int nullCount, ChunkEncoder encoder) {
    int min = -1;
    int max = -1;
    for (int i = 0; i < n; i++) {
      if (nullCount == 0 || !isNull(i)) {
        if (min < 0) {
          min = i;
          max = i;
        } else if (compare(i, min) < 0) {
          min = i;
        } else if (compare(i, max) > 0) {
          max = i;
        }
      }
    }
    int minLength = ends[min] - start(min);
    int maxLength = ends[max] - start(max);
    encoder.bounds(
        Bound.ofPrefix(data, start(min), minLength),
        minLength > Bound.MAX_LENGTH,
        Bound.ofPrefix(data, start(max), maxLength),
        maxLength > Bound.MAX_LENGTH);
  }

  private int compare(int i, int j) {
    return Arrays.compareUnsigned(data, start(i), ends[i], data, start(j), ends[j]);
  }
}
