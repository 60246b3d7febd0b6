package io.alexstore.commit;

import io.alexstore.key.KeyBuffer;
import io.alexstore.key.KeyForm;
import io.alexstore.segment.RollingSegmentWriter;
import io.alexstore.segment.Segment;
import io.alexstore.segment.SegmentInfo;
import java.util.Arrays;

/**
 * Up to {@value #CAPACITY} keys in ascending order, which are looked for in segments together.
 *
 * <p>Where a segment has about as many keys in the group's range, the two are merged: a step reads
 * the next key, in order. Where it has many more, each key of the group is found by the index. Not
 * thread-safe.
 */
final class KeyGroup {

  static final int CAPACITY = 256;

  /** A lookup costs about as much as so many steps of a merge. */
  private static final int LONG_STEPS = 16;

  private static final int BYTES_STEPS = 4;

  private final boolean isLong;
  private final long[] longs;
  private final KeyBuffer bytes = new KeyBuffer();
  private final int[] offsets;
  private final int[] positions = new int[CAPACITY];
  private int count;

  KeyGroup(KeyForm form) {
    isLong = form == KeyForm.LONG;
    longs = isLong ? new long[CAPACITY] : null;
    offsets = isLong ? null : new int[CAPACITY + 1];
  }

  int count() {
    return count;
  }

  void clear() {
    count = 0;
    bytes.clear();
  }

  /** Adds the key that a writer took last. */
  void addLastOf(RollingSegmentWriter writer) {
    if (isLong) {
      longs[count++] = writer.lastLongKey();
    } else {
      writer.putLastKey(bytes);
      offsets[++count] = bytes.length();
    }
  }

  /** Makes this the keys of a run of rows of a segment. */
  void set(Segment segment, int from, int to) {
    clear();
    for (int position = from; position < to; position++) {
      if (isLong) {
        longs[count++] = segment.longKey(position);
      } else {
        byte[] key = segment.keyBytes(position);
        bytes.put(key, 0, key.length);
        offsets[++count] = bytes.length();
      }
    }
  }

  /** A key as bytes in the order of the keys. */
  byte[] key(int i) {
    return isLong
        ? SegmentInfo.longKeyBytes(longs[i])
        : Arrays.copyOfRange(bytes.array(), offsets[i], offsets[i + 1]);
  }

  /**
   * Where a segment has the keys.
   *
   * @return for each key its first position or -1; good until the next call
   */
  int[] positionsIn(Segment segment) {
    if (count == 0) {
      return positions;
    }
    int from;
    int to;
    if (isLong) {
      from = segment.lowerBound(longs[0]);
      to = segment.upperBound(longs[count - 1]);
    } else {
      from = segment.lowerBound(bytes.array(), 0, offsets[1]);
      int last = offsets[count - 1];
      to = segment.upperBound(bytes.array(), last, offsets[count] - last);
    }
    int rows = to - from;
    if (rows <= 0) {
      Arrays.fill(positions, 0, count, -1);
    } else if (rows > (isLong ? LONG_STEPS : BYTES_STEPS) * count) {
      find(segment);
    } else {
      segment.prefetchKeys(Math.min(rows, count));
      Arrays.fill(positions, 0, count, -1);
      if (isLong) {
        mergeLongs(segment, from, to);
      } else {
        mergeBytes(segment, from, to);
      }
    }
    return positions;
  }

  private void find(Segment segment) {
    if (isLong) {
      segment.findAll(longs, 0, count, positions);
    } else {
      segment.findAll(bytes.array(), offsets, count, positions);
    }
  }

  private void mergeLongs(Segment segment, int from, int to) {
    int i = 0;
    for (int position = from; position < to; position++) {
      long key = segment.longKey(position);
      while (longs[i] < key) {
        if (++i == count) {
          return;
        }
      }
      if (longs[i] == key) {
        positions[i] = position;
        if (++i == count) {
          return;
        }
      }
    }
  }

  private void mergeBytes(Segment segment, int from, int to) {
    int i = 0;
    for (int position = from; position < to; position++) {
      byte[] key = segment.keyBytes(position);
      int order = compare(i, key);
      while (order < 0) {
        if (++i == count) {
          return;
        }
        order = compare(i, key);
      }
      if (order == 0) {
        positions[i] = position;
        if (++i == count) {
          return;
        }
      }
    }
  }

  private int compare(int i, byte[] key) {
    return Arrays.compareUnsigned(bytes.array(), offsets[i], offsets[i + 1], key, 0, key.length);
  }
}
