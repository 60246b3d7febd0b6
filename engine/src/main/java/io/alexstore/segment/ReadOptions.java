package io.alexstore.segment;

/**
 * How segments are read.
 *
 * @param verifyChecksums whether the checksum of each block of 4 KiB is checked when the block is
 *     first needed. Off, damage may give wrong values; it is there to measure what the checks cost
 */
public record ReadOptions(boolean verifyChecksums) {
  /** Checks on. */
  public static final ReadOptions DEFAULT = new ReadOptions(true);
}
