package io.alexstore.segment;

import io.alexstore.bytes.BlockBytes;
import io.alexstore.io.MappedFile;
import io.alexstore.segment.chunk.NodeTree;
import java.util.Arrays;

/**
 * Decides what of a remote segment is worth reading ahead of many lookups, in large reads.
 *
 * <p>The rule is one: {@code n} lookups in a region would take about {@code n} reads; if the region
 * is no longer than what can be streamed in the time that these take to start ({@link
 * MappedFile#READ_COST} bytes for each), it is read as a whole. Otherwise lookups read what they
 * touch.
 */
final class Prefetch {
  private final BlockBytes body;
  private final SegmentMetadata metadata;
  private final NodeTree tree;
  private final int columns;

  Prefetch(BlockBytes body, SegmentMetadata metadata, NodeTree tree) {
    this.body = body;
    this.metadata = metadata;
    this.tree = tree;
    this.columns = metadata.schema().columns().size();
  }

  private static boolean isWorthwhile(int lookups, long length) {
    return length <= (long) lookups * MappedFile.READ_COST;
  }

  /** Before {@code probes} keys are searched for or read. */
  void keys(int probes) {
    SegmentMetadata.Section keys = metadata.keys();
    if (isWorthwhile(probes, keys.length())) {
      body.touch(keys.offset(), keys.length());
    }
  }

  /**
   * Before columns of rows are read.
   *
   * @param positions the rows, in any order; those below 0 are none
   * @param wanted the columns' places in the schema; null for all
   */
  void rows(int[] positions, int count, int[] wanted) {
    int[] rows = Arrays.copyOf(positions, count);
    Arrays.sort(rows);
    long[] ranges = new long[16];
    int found = 0;
    int i = 0;
    while (i < count && rows[i] < 0) {
      i++;
    }
    while (i < count) {
      int group = rows[i] >>> metadata.rowGroupShift();
      int first = i;
      while (i < count && rows[i] >>> metadata.rowGroupShift() == group) {
        i++;
      }
      for (int c = 0; c < (wanted == null ? columns : wanted.length); c++) {
        int column = wanted == null ? c : wanted[c];
        for (int node = tree.nodeOf(column); node >= 0 && node < end(column); node++) {
          int entry =
              metadata.directory().offset()
                  + (group * tree.nodeCount() + node) * SegmentFormat.DIRECTORY_ENTRY_SIZE;
          body.touch(entry, SegmentFormat.DIRECTORY_ENTRY_SIZE);
          long offset = (body.getInt(entry) & 0xffffffffL) << 3;
          long length = body.getInt(entry + Integer.BYTES) & 0xffffffffL;
          // A range that cannot be is left to the chunk's reader, which says what is wrong.
          if (offset + length <= body.size() && isWorthwhile(i - first, length)) {
            if (found == ranges.length) {
              ranges = Arrays.copyOf(ranges, found * 2);
            }
            ranges[found++] = offset << 32 | length;
          }
        }
      }
    }
    touch(ranges, found);
  }

  /** The number after the last node of a column. */
  private int end(int column) {
    for (int next = column + 1; next < columns; next++) {
      if (tree.nodeOf(next) >= 0) {
        return tree.nodeOf(next);
      }
    }
    return tree.nodeCount();
  }

  private void touch(long[] ranges, int count) {
    Arrays.sort(ranges, 0, count);
    int[] offsets = new int[count];
    int[] lengths = new int[count];
    for (int i = 0; i < count; i++) {
      offsets[i] = (int) (ranges[i] >>> 32);
      lengths[i] = (int) ranges[i];
    }
    body.touchAll(offsets, lengths, count, MappedFile.READ_COST);
  }
}
