package io.alexstore.segment.chunk;

import io.alexstore.schema.StringType;
import io.alexstore.schema.Values;
import java.util.Arrays;

/** Strings and binary. */
final class BytesBuffer extends NodeBuffer {

  private static final int MAX_FAILURES = 4;

  private final boolean hasBounds;
  private byte[] data = {};
  private int[] ends = {};

  // Where values could not be compressed, those that follow rarely can: so many chunks are not
  // tried.
  private int failures;
  private int skip;

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
    boolean isDictionary = dictionary.build(this, data, ends, n, plain);
    if (counter != null) {
      count(n, nullCount > 0, isDictionary ? dictionary : null);
    }
    if (isDictionary) {
      encodeDictionary(n, dictionary, encoder);
    } else if (!encodeSymbols(n, plain, encoder)) {
      offsetsSize = encoder.fitOffsets(ends, n);
      encoder.startOffsets(ChunkFormat.BYTES, this, n, offsetsSize, length);
      encoder.out().putBytes(data, 0, length);
      encoder.out().pad();
    }
  }

  private void count(int n, boolean hasNulls, BytesDictionary dictionary) {
    counter.lengths(ends, n);
    if (dictionary != null) {
      counter.bytes(data, dictionary);
    } else {
      counter.bytes(this, hasNulls, data, ends, n);
    }
  }

  private boolean encodeSymbols(int n, long plain, ChunkEncoder encoder) {
    if (!isWorthTrying(ends[n - 1])) {
      return false;
    }
    SymbolEncoder symbols = encoder.symbols();
    if (!tried(symbols.encode(data, ends, n))) {
      return false;
    }
    long offsetsSize = encoder.fitOffsets(symbols.ends(), n);
    long size = symbols.size(n);
    if (!tried(offsetsSize + size <= plain * SymbolEncoder.MOST)) {
      return false;
    }
    encoder.startOffsets(ChunkFormat.SYMBOLS, this, n, offsetsSize, size);
    encoder.symbolTable(symbols.table().size());
    symbols.writeTo(encoder.out(), n);
    return true;
  }

  private void encodeDictionary(int n, BytesDictionary dictionary, ChunkEncoder encoder) {
    int size = dictionary.size();
    long offsetBytes = ChunkFormat.pad(4L * (size + 1));
    long rest = ChunkFormat.packedSize(n, ChunkFormat.bits(size - 1L)) + offsetBytes;
    long length = dictionary.dataLength();
    boolean compressed = false;
    SymbolEncoder symbols = null;
    // Entries that are few beside the codes are not worth it however well they compress.
    if (length > rest / 4 && isWorthTrying(length)) {
      symbols = encoder.symbols();
      compressed =
          tried(
              symbols.encode(data, dictionary)
                  && rest + symbols.size(size) <= (rest + length) * SymbolEncoder.MOST);
    }
    long entryBytes = compressed ? symbols.size(size) : length;
    encoder.startDictionary(this, n, dictionary.codes(), size, offsetBytes + entryBytes);
    ChunkOutput out = encoder.out();
    int offset = 0;
    out.putInt(0);
    for (int code = 0; code < size; code++) {
      offset = compressed ? symbols.ends()[code] : offset + dictionary.length(code);
      out.putInt(offset);
    }
    out.pad();
    if (compressed) {
      encoder.symbolDictionary(symbols.table().size());
      symbols.writeTo(out, size);
      return;
    }
    for (int code = 0; code < size; code++) {
      out.putBytes(data, dictionary.start(code), dictionary.length(code));
    }
    out.pad();
  }

  private boolean isWorthTrying(long length) {
    if (length < SymbolEncoder.LEAST_BYTES) {
      return false;
    }
    if (skip > 0) {
      skip--;
      return false;
    }
    return true;
  }

  private boolean tried(boolean success) {
    failures = success ? 0 : Math.min(failures + 1, MAX_FAILURES);
    skip = (1 << failures) - 1;
    return success;
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
