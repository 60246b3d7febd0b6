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
   * The first of the keys that a segment has, too; -1 if there is none. The group must have a key.
   */
  int firstIn(Segment segment) {
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
      return -1;
    }
    if (rows > (isLong ? LONG_STEPS : BYTES_STEPS) * count) {
      return find(segment);
    }
    segment.prefetchKeys(Math.min(rows, count));
    return isLong ? mergeLongs(segment, from, to) : mergeBytes(segment, from, to);
  }

  /** The position in a segment of one of the keys; -1 if it is not there. */
  int positionIn(Segment segment, int i) {
    return isLong
        ? segment.find(longs[i])
        : segment.find(bytes.array(), offsets[i], offsets[i + 1] - offsets[i]);
  }

  private int find(Segment segment) {
    if (isLong) {
      segment.findAll(longs, 0, count, positions);
    } else {
      segment.findAll(bytes.array(), offsets, count, positions);
    }
    for (int i = 0; i < count; i++) {
      if (positions[i] >= 0) {
        return i;
      }
    }
    return -1;
  }

  private int mergeLongs(Segment segment, int from, int to) {
    int i = 0;
    for (int position = from; position < to; position++) {
      long key = segment.longKey(position);
      while (longs[i] < key) {
        if (++i == count) {
          return -1;
        }
      }
      if (longs[i] == key) {
        return i;
      }
    }
    return -1;
  }

  private int mergeBytes(Segment segment, int from, int to) {
    int i = 0;
    for (int position = from; position < to; position++) {
      byte[] key = segment.keyBytes(position);
      int order = compare(i, key);
      while (order < 0) {
        if (++i == count) {
          return -1;
        }
        order = compare(i, key);
      }
      if (order == 0) {
        return i;
      }
    }
    return -1;
  }

  private int compare(int i, byte[] key) {
    return Arrays.compareUnsigned(bytes.array(), offsets[i], offsets[i + 1], key, 0, key.length);
  }
}
