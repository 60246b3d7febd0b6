package io.alexstore.segment.chunk;

import java.util.Arrays;

/**
 * Finds good symbols for some byte strings. A generation encodes a sample with the symbols of the
 * one before and counts symbols and pairs of neighbours; of these, and of the pairs put together,
 * those that cover most bytes are the next generation. After "FSST: Fast Random Access String
 * Compression" (Boncz, Neumann, Leis, VLDB 2020), section 4.
 *
 * <p>Time and memory are bounded by the sample's, whatever the strings are.
 */
final class SymbolTrainer {

  /** About how many bytes are looked at. */
  static final int SAMPLE = 1 << 14;

  /** A generation looks at one in so many pieces of the sample: at first a few tell enough. */
  private static final int[] STEPS = {8, 4, 2, 1, 1};

  /** The bytes of a piece of the sample. */
  private static final int PIECE = 256;

  /** A byte that no symbol covers counts as code 0 to 255, a symbol as 256 and more. */
  private static final int CODES = 512;

  private static final int MAX_CANDIDATES = 1 << 12;
  private static final int SLOTS = 4 * MAX_CANDIDATES;

  /**
   * How much more a byte is worth as a symbol than what it covers: without it, it takes two bytes.
   */
  private static final int SINGLE_WORTH = 8;

  private final SymbolTable table;

  private int[] starts = new int[256];
  private int[] ends = new int[256];
  private int pieces;

  private final int[] counts = new int[CODES];
  private final short[] pairCounts = new short[CODES * CODES];
  private final int[] pairs = new int[2 * SAMPLE];
  private int pairSize;

  private final long[] symbols = new long[MAX_CANDIDATES];
  private final byte[] lengths = new byte[MAX_CANDIDATES];
  private final long[] gains = new long[MAX_CANDIDATES];
  private final short[] slots = new short[SLOTS];
  private final long[] order = new long[MAX_CANDIDATES];
  private int candidates;

  /** Will fill {@code table}. */
  SymbolTrainer(SymbolTable table) {
    this.table = table;
  }

  /**
   * Fills the table with symbols for {@code n} strings.
   *
   * @param stringEnds where they end in {@code data}; each starts where the one before ends
   * @param most the share of their bytes that their codes may take
   * @return whether they take about so few; if not, the table is of no use
   */
  boolean train(byte[] data, int[] stringEnds, int n, double most) {
    sample(stringEnds, n);
    table.clear();
    for (int generation = 0; generation < STEPS.length; generation++) {
      double share = count(data, STEPS[generation]);
      boolean last = generation == STEPS.length - 1;
      if (last && share > most) {
        return false;
      }
      // A symbol costs nine bytes of the file, however many of the bytes are in the sample.
      long sampled = Math.max(1, sampled());
      select(last ? 9 * sampled / Math.max(sampled, stringEnds[n - 1]) : 0);
    }
    return true;
  }

  private long sampled() {
    long sum = 0;
    for (int i = 0; i < pieces; i++) {
      sum += ends[i] - starts[i];
    }
    return sum;
  }

  private void sample(int[] stringEnds, int n) {
    pieces = 0;
    int length = stringEnds[n - 1];
    if (length <= SAMPLE) {
      int start = 0;
      for (int i = 0; i < n; i++) {
        piece(start, stringEnds[i]);
        start = stringEnds[i];
      }
      return;
    }
    int strings = 0;
    for (int i = 0; i < SAMPLE / PIECE; i++) {
      int from = (int) ((long) i * (length - PIECE) / (SAMPLE / PIECE));
      strings = firstBeyond(stringEnds, strings, n, from);
      int start = strings == 0 ? 0 : stringEnds[strings - 1];
      // A whole string, unless it is long.
      from = from - start > PIECE ? from : start;
      int to = from + PIECE;
      for (int s = strings; s < n && from < to; s++) {
        piece(from, Math.min(stringEnds[s], to));
        from = stringEnds[s];
      }
    }
  }

  private void piece(int start, int end) {
    if (start == end) {
      return;
    }
    if (pieces == starts.length) {
      starts = Arrays.copyOf(starts, 2 * pieces);
      ends = Arrays.copyOf(ends, 2 * pieces);
    }
    starts[pieces] = start;
    ends[pieces++] = end;
  }

  /** The first of the strings from {@code low} on that ends beyond an offset. */
  private static int firstBeyond(int[] stringEnds, int low, int n, int offset) {
    int high = n - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (stringEnds[middle] > offset) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** Counts in one of {@code step} pieces; returns the share that codes take of their bytes. */
  private double count(byte[] data, int step) {
    Arrays.fill(counts, 0);
    for (int i = 0; i < pairSize; i++) {
      pairCounts[pairs[i]] = 0;
    }
    pairSize = 0;
    long bytes = 0;
    long codes = 0;
    for (int i = 0; i < pieces; i += step) {
      int at = starts[i];
      int end = ends[i];
      bytes += end - at;
      int before = -1;
      while (at < end) {
        int match = table.match(SymbolTable.load(data, at), end - at);
        int first = data[at] & 0xff;
        int code = match < 0 ? first : 256 + match;
        int length = match < 0 ? 1 : table.length(match);
        counts[code]++;
        pair(before, code);
        if (length > 1) {
          // Shorter ways on, which may turn out the better ones.
          counts[first]++;
          pair(before, first);
        }
        codes += match < 0 ? 2 : 1;
        at += length;
        before = code;
      }
    }
    return bytes == 0 ? 1 : (double) codes / bytes;
  }

  private void pair(int before, int code) {
    if (before >= 0) {
      int pair = before * CODES + code;
      if (pairCounts[pair]++ == 0) {
        pairs[pairSize++] = pair;
      }
    }
  }

  /** Replaces the table's symbols by the candidates that gain most, and more than {@code least}. */
  private void select(long least) {
    candidates = 0;
    Arrays.fill(slots, (short) 0);
    for (int code = 0; code < CODES; code++) {
      if (counts[code] > 0) {
        int worth = length(code) == 1 ? SINGLE_WORTH : length(code);
        candidate(symbol(code), length(code), (long) worth * counts[code]);
      }
    }
    for (int i = 0; i < pairSize; i++) {
      int pair = pairs[i];
      int count = pairCounts[pair];
      int first = pair / CODES;
      int second = pair % CODES;
      int length = length(first) + length(second);
      // What was seen once may never come again.
      if (count > 1 && length <= ChunkFormat.MAX_SYMBOL_LENGTH) {
        long symbol = symbol(first) | symbol(second) << (8 * length(first));
        candidate(symbol, length, (long) length * count);
      }
    }
    refill(least);
  }

  private long symbol(int code) {
    return code < 256 ? code : table.symbol(code - 256);
  }

  private int length(int code) {
    return code < 256 ? 1 : table.length(code - 256);
  }

  private void candidate(long symbol, int length, long gain) {
    long mixed = (symbol + length) * 0x9E3779B97F4A7C15L;
    int slot = (int) (((mixed ^ (mixed >>> 29)) * 0x9E3779B97F4A7C15L) >>> 50) & (SLOTS - 1);
    while (slots[slot] != 0) {
      int other = slots[slot] - 1;
      if (symbols[other] == symbol && lengths[other] == length) {
        gains[other] += gain;
        return;
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
    if (candidates < MAX_CANDIDATES) {
      symbols[candidates] = symbol;
      lengths[candidates] = (byte) length;
      gains[candidates] = gain;
      slots[slot] = (short) ++candidates;
    }
  }

  private void refill(long least) {
    int n = 0;
    for (int i = 0; i < candidates; i++) {
      if (gains[i] > least) {
        order[n++] = -gains[i] << 12 | i;
      }
    }
    Arrays.sort(order, 0, n);
    int chosen = Math.min(n, ChunkFormat.MAX_SYMBOLS);
    table.clear();
    for (int length = 1; length <= ChunkFormat.MAX_SYMBOL_LENGTH; length++) {
      for (int i = 0; i < chosen; i++) {
        int candidate = (int) order[i] & (MAX_CANDIDATES - 1);
        if (lengths[candidate] == length) {
          table.add(symbols[candidate], length);
        }
      }
    }
  }
}
