package io.alexstore.segment.chunk;

/**
 * Builds one chunk and its directory entry at a time: {@link #begin}, the statistics, one of the
 * {@code start} methods, the rest of the chunk to {@link #out}, {@link #finish}. Holds what chunks
 * share: output, dictionaries and scratch memory, which are reused.
 */
final class ChunkEncoder {

  private final ChunkOutput out = new ChunkOutput();
  private final LongDictionary longs = new LongDictionary();
  private final BytesDictionary bytes = new BytesDictionary();
  private final DecimalScale scale = new DecimalScale();
  private long[] residuals = {};

  /** Made when it is first needed: it takes about a megabyte. */
  private SymbolEncoder symbolEncoder;

  private int encoding;
  private int flags;
  private int width;
  private int count;
  private int nullCount;
  private int dictionarySize;
  private int symbols;
  private long base;
  private int data;
  private long slope;
  private Bound min;
  private Bound max;

  ChunkOutput out() {
    return out;
  }

  LongDictionary longs() {
    return longs;
  }

  BytesDictionary bytes() {
    return bytes;
  }

  DecimalScale scale() {
    return scale;
  }

  SymbolEncoder symbols() {
    if (symbolEncoder == null) {
      symbolEncoder = new SymbolEncoder();
    }
    return symbolEncoder;
  }

  /** Starts an empty chunk, of which all values are null unless one of the starts follows. */
  void begin(int values, int nulls) {
    encoding = ChunkFormat.NONE;
    flags = 0;
    width = 0;
    count = values;
    nullCount = nulls;
    dictionarySize = 0;
    symbols = 0;
    base = 0;
    data = 0;
    slope = 0;
    min = Bound.NONE;
    max = Bound.NONE;
    out.begin(0);
  }

  EncodedChunk finish() {
    int length = out.length();
    ChunkEntry entry =
        new ChunkEntry(
            0,
            length,
            encoding,
            0,
            flags,
            width,
            count,
            nullCount,
            dictionarySize,
            symbols,
            base,
            data,
            slope,
            min,
            max);
    return new EncodedChunk(entry, out.end());
  }

  void flag(int flag) {
    flags |= flag;
  }

  void bounds(Bound newMin, boolean minTruncated, Bound newMax, boolean maxTruncated) {
    min = newMin;
    max = newMax;
    flags |= ChunkFormat.HAS_MIN | ChunkFormat.HAS_MAX;
    flags |= minTruncated ? ChunkFormat.MIN_TRUNCATED : 0;
    flags |= maxTruncated ? ChunkFormat.MAX_TRUNCATED : 0;
  }

  /** Starts a chunk whose buffers take {@code size} bytes, with the nulls. */
  void start(int newEncoding, NodeBuffer buffer, int n, long size) {
    encoding = newEncoding;
    long bitmap = nullCount == 0 ? 0 : ChunkFormat.bitmapSize(n);
    if (bitmap + size > Integer.MAX_VALUE - 16) {
      throw new IllegalStateException(
          "'" + buffer.node.name() + "' takes more than 2^31 bytes in one row group");
    }
    out.begin((int) (bitmap + size));
    if (nullCount > 0) {
      flags |= ChunkFormat.VALIDITY;
      int words = (int) (bitmap >>> 3);
      for (int word = 0; word < words; word++) {
        long valid = ~buffer.nullWord(word);
        boolean partial = n - (word << 6) < 64;
        out.putLong(partial ? valid & ((1L << n) - 1) : valid);
      }
    }
  }

  void startPlain(NodeBuffer buffer, int n, long size) {
    start(ChunkFormat.PLAIN, buffer, n, size);
  }

  /** Starts a chunk of doubles that are packed integers divided by a power of ten. */
  void startScaled(NodeBuffer buffer, int n, long newBase, int newWidth, int scale, long size) {
    startPacked(buffer, n, newBase, newWidth, size);
    encoding = ChunkFormat.SCALED;
    slope = scale;
  }

  void startPacked(NodeBuffer buffer, int n, long newBase, int newWidth, long size) {
    start(ChunkFormat.PACKED, buffer, n, size);
    base = newBase;
    width = newWidth;
  }

  /** Starts a chunk and adds its codes; {@code size} bytes of entries follow. */
  void startDictionary(NodeBuffer buffer, int n, long[] codes, int entries, long size) {
    width = ChunkFormat.bits(entries - 1L);
    dictionarySize = entries;
    // Offsets may have been fitted before.
    base = 0;
    slope = 0;
    long codeBytes = ChunkFormat.packedSize(n, width);
    start(ChunkFormat.DICTIONARY, buffer, n, codeBytes + ChunkFormat.pad(size));
    out.putPacked(codes, n, 0, width);
    data = out.length();
  }

  /** Says that the entries of the dictionary that was started are encoded by so many symbols. */
  void symbolDictionary(int symbolCount) {
    encoding = ChunkFormat.SYMBOL_DICTIONARY;
    symbols = symbolCount;
  }

  /** Says that the bytes that the offsets count are encoded by so many symbols. */
  void symbolTable(int symbolCount) {
    symbols = symbolCount;
  }

  /**
   * Fits linear offsets to {@code 0, ends[0], .. ends[n - 1]}.
   *
   * @return their size in bytes
   */
  long fitOffsets(int[] ends, int n) {
    if (residuals.length <= n) {
      residuals = new long[n + 1 + (n >>> 1)];
    }
    slope = ((long) ends[n - 1] << ChunkFormat.SLOPE_SHIFT) / n;
    long least = 0;
    long most = 0;
    residuals[0] = 0;
    for (int i = 1; i <= n; i++) {
      long residual = ends[i - 1] - ((slope * i) >>> ChunkFormat.SLOPE_SHIFT);
      residuals[i] = residual;
      least = Math.min(least, residual);
      most = Math.max(most, residual);
    }
    base = least;
    width = ChunkFormat.bits(most - least);
    return ChunkFormat.packedSize(n + 1L, width);
  }

  /** Starts a chunk and adds the offsets that were fitted; {@code size} bytes of data follow. */
  void startOffsets(int newEncoding, NodeBuffer buffer, int n, long offsetsSize, long size) {
    start(newEncoding, buffer, n, offsetsSize + ChunkFormat.pad(size));
    out.putPacked(residuals, n + 1, base, width);
    data = out.length();
  }
}
