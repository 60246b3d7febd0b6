package io.alexstore.spark.read;

import io.alexstore.log.SegmentEntry;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Tells in which segments a key may be: by binary search over their smallest keys, and from there
 * back as long as one may reach so far, which is one step where segments do not overlap.
 *
 * <p>Immutable, and so safe for any number of threads.
 */
final class SegmentDirectory {

  private final byte[][] minKeys;
  private final byte[][] maxKeys;
  // The largest key of this segment and all before it.
  private final byte[][] reach;
  // The same as numbers, where keys are 64-bit; otherwise null.
  private final long[] minLongs;
  private final long[] maxLongs;
  private final long[] reachLongs;

  /** Of segments in the order of their smallest keys. */
  SegmentDirectory(SegmentEntry[] segments, boolean longs) {
    int n = segments.length;
    minKeys = new byte[n][];
    maxKeys = new byte[n][];
    reach = new byte[n][];
    for (int i = 0; i < n; i++) {
      minKeys[i] = segments[i].minKey();
      maxKeys[i] = segments[i].maxKey();
      boolean further = i == 0 || Arrays.compareUnsigned(maxKeys[i], reach[i - 1]) > 0;
      reach[i] = further ? maxKeys[i] : reach[i - 1];
    }
    minLongs = longs ? numbers(minKeys) : null;
    maxLongs = longs ? numbers(maxKeys) : null;
    reachLongs = longs ? numbers(reach) : null;
  }

  private static long[] numbers(byte[][] keys) {
    // The sign bit is flipped, so that bytes sort as the numbers do.
    return Arrays.stream(keys)
        .mapToLong(key -> ByteBuffer.wrap(key).getLong() ^ Long.MIN_VALUE)
        .toArray();
  }

  /** Gives the places of the segments that may have a key. */
  void locate(ProbeKeys keys, int key, IntConsumer places) {
    if (minLongs != null) {
      locate(keys.longKey(key), places);
      return;
    }
    int low = 0;
    int high = minKeys.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (mayReachBackTo(keys, key, minKeys[middle])) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    for (int i = low - 1; i >= 0 && keys.compare(key, reach[i]) <= 0; i--) {
      if (keys.compare(key, maxKeys[i]) <= 0) {
        places.accept(i);
      }
    }
  }

  /** Whether some key that begins with the bytes of the one asked for is not below a key. */
  private static boolean mayReachBackTo(ProbeKeys keys, int key, byte[] min) {
    return keys.compare(key, min) >= 0 || (!keys.isWhole() && keys.isPrefixOf(key, min));
  }

  private void locate(long key, IntConsumer places) {
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
    for (int i = low - 1; i >= 0 && key <= reachLongs[i]; i--) {
      if (key <= maxLongs[i]) {
        places.accept(i);
      }
    }
  }
}
