package io.alexstore.segment.chunk;

/** Byte strings as codes of a symbol table that is made for them. Memory is reused. */
final class SymbolEncoder {

  /** The share of the bytes that codes may take to be worth being decoded. */
  static final double MOST = 0.8;

  /** Fewer bytes than these are not worth a table. */
  static final int LEAST_BYTES = 512;

  private final SymbolTable table = new SymbolTable();
  private final SymbolTrainer trainer = new SymbolTrainer(table);
  private byte[] codes = {};
  private int[] ends = {};
  private byte[] entries = {};
  private int[] entryEnds = {};

  SymbolTable table() {
    return table;
  }

  /** The codes of all strings, one after another. */
  byte[] codes() {
    return codes;
  }

  /** Where the strings' codes end. */
  int[] ends() {
    return ends;
  }

  /**
   * Encodes {@code n} strings.
   *
   * @param stringEnds where they end in {@code data}; each starts where the one before ends
   * @return whether their codes take at most {@link #MOST} of their bytes; if not, there are none
   */
  boolean encode(byte[] data, int[] stringEnds, int n) {
    int length = stringEnds[n - 1];
    if (length < LEAST_BYTES || !trainer.train(data, stringEnds, n, MOST)) {
      return false;
    }
    int limit = (int) (length * MOST);
    if (codes.length < limit) {
      codes = new byte[Math.max(limit, (int) Math.min(1 << 26, codes.length * 3L / 2))];
    }
    if (ends.length < n) {
      ends = new int[n + (n >>> 1)];
    }
    int start = 0;
    int at = 0;
    for (int i = 0; i < n; i++) {
      at = table.encode(data, start, stringEnds[i], codes, at, limit);
      if (at < 0) {
        return false;
      }
      ends[i] = at;
      start = stringEnds[i];
    }
    return true;
  }

  /** As {@link #encode}, the entries of a dictionary over {@code data}. */
  boolean encode(byte[] data, BytesDictionary dictionary) {
    int size = dictionary.size();
    int length = (int) dictionary.dataLength();
    if (entries.length < length) {
      entries = new byte[length];
    }
    if (entryEnds.length < size) {
      entryEnds = new int[size];
    }
    int end = 0;
    for (int code = 0; code < size; code++) {
      System.arraycopy(data, dictionary.start(code), entries, end, dictionary.length(code));
      end += dictionary.length(code);
      entryEnds[code] = end;
    }
    return encode(entries, entryEnds, size);
  }

  /** The bytes of table and codes in the file. */
  long size(int n) {
    return ChunkFormat.symbolTableSize(table.size()) + ChunkFormat.pad(ends[n - 1]);
  }

  /** Writes table and codes. */
  void writeTo(ChunkOutput out, int n) {
    table.writeTo(out);
    out.putBytes(codes, 0, ends[n - 1]);
    out.pad();
  }
}
