package io.alexstore.spark.read;

import io.alexstore.schema.Column;
import io.alexstore.segment.Segment;
import java.util.Arrays;
import java.util.List;

/**
 * Has a remote segment read ahead of a reader: the rows of some row groups at once, so that they
 * come in few reads, or in many at the same time. Not thread-safe.
 */
final class ReadAhead {

  /** About how many rows are read ahead; those of the row group in which that is reached, too. */
  private static final int ROWS = 4096;

  /** The rows of how many row groups are read ahead at most. */
  private static final int GROUPS = 64;

  private final Segment segment;
  private final int[] wanted;
  // Up to which position, exclusive, rows were read ahead.
  private int end;

  private ReadAhead(Segment segment, int[] wanted) {
    this.segment = segment;
    this.wanted = wanted;
  }

  static ReadAhead of(Segment segment, List<Column> columns) {
    int[] wanted =
        columns.stream()
            .filter(c -> !MetadataColumns.isMetadata(c))
            .mapToInt(c -> segment.schema().indexOf(c.id()))
            .toArray();
    // A column that was added later is a default, of which nothing is read.
    return new ReadAhead(segment, Arrays.stream(wanted).filter(place -> place >= 0).toArray());
  }

  /**
   * Before a batch is read.
   *
   * @param runs the rows of the segment, see {@link Positions}
   * @param run the place of the run that the next row stands in
   * @param position the next row
   */
  void next(int[] runs, int run, int position) {
    if (position < end) {
      return;
    }
    int shift = segment.rowGroupShift();
    int[] positions = new int[ROWS];
    int n = 0;
    int groups = 0;
    int at = position;
    for (int i = run; i < runs.length && n < ROWS && groups < GROUPS; i += 2) {
      at = Math.max(at, runs[i]);
      while (at < runs[i + 1] && n < ROWS && groups < GROUPS) {
        int stop = (int) Math.min(runs[i + 1], ((at >>> shift) + 1L) << shift);
        groups += n > 0 && at >>> shift == (end - 1) >>> shift ? 0 : 1;
        positions = n + stop - at <= positions.length ? positions : grow(positions, n + stop - at);
        while (at < stop) {
          positions[n++] = at++;
        }
        end = at;
      }
    }
    segment.prefetch(positions, n, wanted);
  }

  private static int[] grow(int[] positions, int atLeast) {
    return Arrays.copyOf(positions, Math.max(2 * positions.length, atLeast));
  }
}
