package io.alexstore.store;

import io.alexstore.segment.Segment;
import java.util.Arrays;

/** The keys of a {@link BatchLookup}: integers or bytes. Not thread-safe. */
abstract class BatchKeys {

  abstract int count();

  /** The {@link KeyFilter#hash} of a key. */
  abstract long hash(int key);

  /** {@link SegmentLevel#place} of a key. */
  abstract int place(SegmentLevel level, int key);

  /**
   * The newest records of some keys in a memtable.
   *
   * @param some which keys
   * @param records receives the position of each, or {@link Memtable#NONE}
   */
  abstract void newest(Memtable memtable, int[] some, int count, long[] records);

  /**
   * The positions of some keys in a segment, or -1.
   *
   * @param some which keys
   */
  abstract void find(Segment segment, int[] some, int count, int[] positions);

  /** 64-bit keys. */
  static final class OfLongs extends BatchKeys {
    private final long[] keys;
    private final long[] probes = new long[BatchLookup.GROUP];

    OfLongs(long[] keys) {
      this.keys = keys;
    }

    @Override
    int count() {
      return keys.length;
    }

    @Override
    long hash(int key) {
      return KeyFilter.hash(keys[key]);
    }

    @Override
    int place(SegmentLevel level, int key) {
      return level.place(keys[key]);
    }

    @Override
    void newest(Memtable memtable, int[] some, int count, long[] records) {
      memtable.newest(gather(some, count), count, records);
    }

    @Override
    void find(Segment segment, int[] some, int count, int[] positions) {
      segment.findAll(gather(some, count), 0, count, positions);
    }

    private long[] gather(int[] some, int count) {
      for (int i = 0; i < count; i++) {
        probes[i] = keys[some[i]];
      }
      return probes;
    }
  }

  /** Keys of bytes. */
  static final class OfBytes extends BatchKeys {
    private final byte[][] keys;
    private final byte[][] probes = new byte[BatchLookup.GROUP][];
    private final int[] offsets = new int[BatchLookup.GROUP + 1];
    private byte[] joined = {};

    OfBytes(byte[][] keys) {
      this.keys = keys;
    }

    @Override
    int count() {
      return keys.length;
    }

    @Override
    long hash(int key) {
      return KeyFilter.hash(keys[key]);
    }

    @Override
    int place(SegmentLevel level, int key) {
      return level.place(keys[key]);
    }

    @Override
    void newest(Memtable memtable, int[] some, int count, long[] records) {
      for (int i = 0; i < count; i++) {
        probes[i] = keys[some[i]];
      }
      memtable.newest(probes, count, records);
    }

    @Override
    void find(Segment segment, int[] some, int count, int[] positions) {
      for (int i = 0; i < count; i++) {
        byte[] key = keys[some[i]];
        int end = offsets[i] + key.length;
        if (end > joined.length) {
          joined = Arrays.copyOf(joined, Math.max(end, 2 * joined.length));
        }
        System.arraycopy(key, 0, joined, offsets[i], key.length);
        offsets[i + 1] = end;
      }
      segment.findAll(joined, offsets, count, positions);
    }
  }
}
