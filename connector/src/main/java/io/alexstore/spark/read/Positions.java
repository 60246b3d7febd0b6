package io.alexstore.spark.read;

import io.alexstore.key.EncodedRange;
import io.alexstore.key.KeyRanges;
import io.alexstore.schema.TableKey;
import io.alexstore.segment.Segment;
import io.alexstore.segment.SegmentInfo;
import java.util.Arrays;
import java.util.List;

/**
 * Rows of one segment as runs: {@code runs[2 i]} inclusive to {@code runs[2 i + 1]} exclusive,
 * ascending, not adjacent.
 */
public final class Positions {

  private Positions() {}

  /** One run. */
  public static int[] run(int from, int to) {
    return from < to ? new int[] {from, to} : new int[0];
  }

  /**
   * The rows of a segment whose keys are in ranges: two probes of the index for each range that the
   * segment's keys meet, one for each single key, and these interleaved.
   */
  public static int[] of(Segment segment, KeyRanges ranges) {
    byte[] min = segment.keyBytes(0);
    byte[] max = segment.keyBytes(segment.rowCount() - 1);
    List<EncodedRange> list = ranges.list();
    int first = firstNotBefore(list, min);
    int last = first;
    while (last < list.size() && !isAfter(list.get(last), max)) {
      last++;
    }
    return of(segment, list.subList(first, last));
  }

  private static int[] of(Segment segment, List<EncodedRange> ranges) {
    int[] points = PointLookup.find(segment, ranges);
    boolean unique = segment.schema().key().kind() == TableKey.Kind.PRIMARY;
    List<EncodedRange> wide = ranges.stream().filter(range -> !range.isPoint()).toList();
    int[] froms = new int[wide.size()];
    int[] tos = new int[wide.size()];
    segment.bounds(wide, froms, tos);
    int[] runs = new int[8];
    int n = 0;
    int nextWide = 0;
    for (int i = 0; i < ranges.size(); i++) {
      int from;
      int to;
      if (!ranges.get(i).isPoint()) {
        from = froms[nextWide];
        to = tos[nextWide++];
      } else {
        from = points[i];
        to = from < 0 ? from : unique ? from + 1 : segment.to(ranges.get(i));
      }
      if (from < to) {
        if (n > 0 && runs[n - 1] == from) {
          runs[n - 1] = to;
          continue;
        }
        if (n == runs.length) {
          runs = Arrays.copyOf(runs, 2 * n);
        }
        runs[n++] = from;
        runs[n++] = to;
      }
    }
    return Arrays.copyOf(runs, n);
  }

  /** The first range that does not end before a key. */
  private static int firstNotBefore(List<EncodedRange> ranges, byte[] key) {
    int low = 0;
    int high = ranges.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (isBefore(ranges.get(middle), key)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Whether a range ends before a key, in the form of {@link SegmentInfo}. */
  public static boolean isBefore(EncodedRange range, byte[] key) {
    if (range instanceof EncodedRange.OfLongs longs) {
      return Arrays.compareUnsigned(SegmentInfo.longKeyBytes(longs.upper()), key) < 0;
    }
    byte[] upper = ((EncodedRange.OfBytes) range).upper();
    return upper != null && Arrays.compareUnsigned(upper, key) <= 0;
  }

  /** Whether a range begins after a key, in the form of {@link SegmentInfo}. */
  public static boolean isAfter(EncodedRange range, byte[] key) {
    byte[] lower =
        range instanceof EncodedRange.OfLongs longs
            ? SegmentInfo.longKeyBytes(longs.lower())
            : ((EncodedRange.OfBytes) range).lower();
    return Arrays.compareUnsigned(lower, key) > 0;
  }

  /** The number of rows. */
  public static long count(int[] runs) {
    long count = 0;
    for (int i = 0; i < runs.length; i += 2) {
      count += runs[i + 1] - runs[i];
    }
    return count;
  }

  /** The part of runs that lies in {@code [from, to)}. */
  public static int[] clip(int[] runs, int from, int to) {
    int[] clipped = new int[runs.length];
    int n = 0;
    for (int i = 0; i < runs.length; i += 2) {
      int start = Math.max(runs[i], from);
      int end = Math.min(runs[i + 1], to);
      if (start < end) {
        clipped[n++] = start;
        clipped[n++] = end;
      }
    }
    return Arrays.copyOf(clipped, n);
  }

  /** The rows that are in both. */
  public static int[] intersect(int[] a, int[] b) {
    int[] common = new int[a.length + b.length];
    int n = 0;
    int j = 0;
    for (int i = 0; i < a.length; i += 2) {
      while (j < b.length && b[j + 1] <= a[i]) {
        j += 2;
      }
      for (int k = j; k < b.length && b[k] < a[i + 1]; k += 2) {
        common[n++] = Math.max(a[i], b[k]);
        common[n++] = Math.min(a[i + 1], b[k + 1]);
      }
    }
    return Arrays.copyOf(common, n);
  }
}
