package io.alexstore.segment.chunk;

/** What views over linear offsets share: a line and packed distances from it. */
abstract class LinearBase extends PackedBase {

  private final long base;
  private final long slope;

  LinearBase(ChunkOpener opener) {
    super(opener);
    base = entry.base();
    slope = entry.slope();
  }

  /** Offset {@code i}, 0 to {@code count}. It was touched. */
  private long offset(int i) {
    return ((slope * i) >>> ChunkFormat.SLOPE_SHIFT) + base + packed(i);
  }

  /**
   * The offsets {@code i} and {@code i + 1} of {@code limit} bytes or elements, as {@code start <<
   * 32 | end}.
   */
  final long offsets(int i, int limit) {
    touchPacked(i, i + 1);
    long start = offset(i);
    long end = offset(i + 1);
    if (start < 0 || end < start || end > limit) {
      throw corrupt(i, "is at " + start + " to " + end + ", expected a range in 0 to " + limit);
    }
    return start << 32 | end;
  }
}
