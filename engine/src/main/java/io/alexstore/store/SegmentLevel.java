package io.alexstore.store;

import io.alexstore.key.KeyForm;
import io.alexstore.segment.DeletionVector;
import io.alexstore.segment.Segment;
import io.alexstore.segment.chunk.ChunkView;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Segments whose ranges of keys do not overlap, in the order of their keys: a key is in one of them
 * at most. Immutable, and so safe for any number of threads.
 */
final class SegmentLevel {

  /** The place of the value's column in the schema of a store. */
  static final int VALUE_COLUMN = 1;

  private final Segment[] segments;
  private final DeletionVector[] deleted;
  // Null where a segment has none.
  private final KeyFilter[] filters;
  // One of them is null.
  private final long[] minLongs;
  private final byte[][] minKeys;

  SegmentLevel(
      KeyForm form, List<Segment> segments, List<DeletionVector> deleted, SegmentFilters filters) {
    this.segments = segments.toArray(Segment[]::new);
    this.deleted = deleted.toArray(DeletionVector[]::new);
    this.filters = segments.stream().map(filters::of).toArray(KeyFilter[]::new);
    minLongs = form == KeyForm.LONG ? new long[segments.size()] : null;
    minKeys = form == KeyForm.BYTES ? new byte[segments.size()][] : null;
    for (int i = 0; i < this.segments.length; i++) {
      if (minLongs != null) {
        minLongs[i] = this.segments[i].longKey(0);
      } else {
        minKeys[i] = this.segments[i].keyBytes(0);
      }
    }
  }

  int size() {
    return segments.length;
  }

  Segment segment(int place) {
    return segments[place];
  }

  DeletionVector deleted(int place) {
    return deleted[place];
  }

  /** The segment that may have a key, or -1: the last that does not begin after it. */
  int place(long key) {
    int low = 0;
    int high = minLongs.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (minLongs[middle] <= key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  int place(byte[] key) {
    int low = 0;
    int high = minKeys.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Arrays.compareUnsigned(minKeys[middle], key) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /**
   * Where a key stands: {@code place << 32 | position}; -1 if it does not, or was deleted.
   *
   * @param hash that of the key
   */
  long find(long key, long hash) {
    int place = place(key);
    return mayHave(place, hash) ? live(place, segments[place].find(key)) : -1;
  }

  long find(byte[] key, long hash) {
    int place = place(key);
    return mayHave(place, hash) ? live(place, segments[place].find(key)) : -1;
  }

  /** Whether the segment at a place, if there is one, may have a key. */
  boolean mayHave(int place, long hash) {
    return place >= 0 && (filters[place] == null || filters[place].mayHave(hash));
  }

  private long live(int place, int position) {
    return position < 0 || deleted[place].contains(position) ? -1 : (long) place << 32 | position;
  }

  /** The value of a row that was found, in a fresh array. */
  byte[] value(long found) {
    Segment segment = segments[(int) (found >>> 32)];
    return value(segment, (int) found);
  }

  static byte[] value(Segment segment, int position) {
    int shift = segment.rowGroupShift();
    return segment.chunk(VALUE_COLUMN, position >>> shift).getBytes(position & ((1 << shift) - 1));
  }

  /**
   * The value of a row that was found: where it stands in the file, if it stands there as it is.
   */
  ByteBuffer slice(long found) {
    return slice(segments[(int) (found >>> 32)], (int) found);
  }

  static ByteBuffer slice(Segment segment, int position) {
    long range = segment.bytesRange(VALUE_COLUMN, position);
    return range == ChunkView.COMPRESSED
        ? ByteBuffer.wrap(value(segment, position)).asReadOnlyBuffer()
        : segment.bytes().slice((int) (range >>> 32), (int) range);
  }
}
