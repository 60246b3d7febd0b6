package io.alexstore.spark.scan;

import io.alexstore.log.SegmentEntry;
import java.util.Arrays;
import java.util.UUID;

/**
 * A sample of a table by blocks of rows that stand side by side, so that what is not of the sample
 * is not read. Which blocks are drawn depends on the seed and on where the rows stand: the same
 * sample of the same version is the same rows.
 *
 * @param lower from where on, 0 to 1, a block's number is drawn
 * @param upper up to where, exclusive; samples whose bounds do not meet share no row
 * @param seed what the numbers depend on
 */
record SystemSample(double lower, double upper, long seed) {

  /** Any rows of a segment can be read by themselves, so a block need not be a row group. */
  static final int BLOCK_ROWS = 1024;

  /** Those of some rows of a segment that are drawn. */
  int[] of(SegmentEntry segment, int... runs) {
    int[] drawn = new int[16];
    int n = 0;
    for (int i = 0; i < runs.length; i += 2) {
      for (int at = runs[i]; at < runs[i + 1]; ) {
        int block = at / BLOCK_ROWS;
        int end = (int) Math.min(runs[i + 1], (block + 1L) * BLOCK_ROWS);
        if (isDrawn(segment.id(), block)) {
          if (n > 0 && drawn[n - 1] == at) {
            drawn[n - 1] = end;
          } else {
            drawn = n == drawn.length ? Arrays.copyOf(drawn, 2 * n) : drawn;
            drawn[n++] = at;
            drawn[n++] = end;
          }
        }
        at = end;
      }
    }
    return Arrays.copyOf(drawn, n);
  }

  private boolean isDrawn(UUID segment, int block) {
    long mixed =
        mix(
            mix(mix(seed) ^ segment.getMostSignificantBits())
                ^ segment.getLeastSignificantBits() + block * 0x9e3779b97f4a7c15L);
    double number = (mixed >>> 11) * 0x1.0p-53;
    return number >= lower && number < upper;
  }

  /** The finalizer of SplitMix64: every bit depends on every bit. */
  private static long mix(long bits) {
    long z = bits + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  @Override
  public String toString() {
    return "sample of " + (upper - lower) * 100 + " % by blocks, seed " + seed;
  }
}
