package io.alexstore.segment;

import io.alexstore.bytes.BlockBytes;
import io.alexstore.io.MappedFile;
import io.alexstore.io.ParallelReads;
import io.alexstore.schema.PhysicalType;
import io.alexstore.segment.chunk.NodeTree;
import io.alexstore.segment.chunk.ValueTouch;
import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.function.IntToLongFunction;

/**
 * Decides what of a remote segment is worth reading ahead of many lookups, in large reads, and has
 * the others made at the same time.
 *
 * <p>The rule is one: {@code n} lookups in a region would take about {@code n} reads; if the region
 * is no longer than what can be streamed in the time that these take to start ({@link
 * MappedFile#READ_COST} bytes for each), it is read as a whole. Otherwise lookups read what they
 * touch: where that is known beforehand, sorted and with near ones in one read.
 */
final class Prefetch {
  private final Segment segment;
  private final BlockBytes body;
  private final SegmentMetadata metadata;
  private final NodeTree tree;
  private final int columns;

  Prefetch(Segment segment, BlockBytes body, SegmentMetadata metadata, NodeTree tree) {
    this.segment = segment;
    this.body = body;
    this.metadata = metadata;
    this.tree = tree;
    this.columns = metadata.schema().columns().size();
  }

  private static boolean isWorthwhile(int reads, long length) {
    return length <= (long) reads * MappedFile.READ_COST;
  }

  /** Before that many searches: reads all keys, if that is worthwhile, and says whether it was. */
  boolean allKeys(int searches) {
    SegmentMetadata.Section keys = metadata.keys();
    boolean worthwhile = isWorthwhile(searches, keys.length());
    if (worthwhile) {
      body.touch(keys.offset(), keys.length());
    }
    return worthwhile;
  }

  /**
   * Before {@code probes} keys are searched for.
   *
   * @param near where the keys around that of a number are expected, as {@code offset << 32 |
   *     length}; -1 if that is not known
   * @param find looks the key of a number up, where nothing is known
   */
  void keys(int probes, IntToLongFunction near, IntConsumer find) {
    if (allKeys(probes)) {
      return;
    }
    Ranges ranges = new Ranges();
    int[] unknown = new int[probes];
    int n = 0;
    for (int i = 0; i < probes; i++) {
      long range = near.applyAsLong(i);
      if (range < 0) {
        unknown[n++] = i;
      } else {
        ranges.add(range);
      }
    }
    ranges.touch();
    ParallelReads.forEach(n, i -> find.accept(unknown[i]));
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
    Ranges ranges = new Ranges();
    Single single = new Single();
    int i = 0;
    while (i < count && rows[i] < 0) {
      i++;
    }
    if (isKeyWanted(wanted)) {
      addKeys(rows, i, count, ranges);
    }
    while (i < count) {
      int group = rows[i] >>> metadata.rowGroupShift();
      int first = i;
      while (i < count && rows[i] >>> metadata.rowGroupShift() == group) {
        i++;
      }
      for (int c = 0; c < (wanted == null ? columns : wanted.length); c++) {
        int column = wanted == null ? c : wanted[c];
        if (!addChunks(column, group, i - first, ranges)) {
          single.add(rows, first, i, column);
        }
      }
    }
    ranges.touch();
    single.touch();
  }

  /**
   * Adds the chunks of a column in a group that are worth reading as a whole.
   *
   * @return whether all are
   */
  private boolean addChunks(int column, int group, int rows, Ranges ranges) {
    boolean all = true;
    for (int node = tree.nodeOf(column); node >= 0 && node < end(column); node++) {
      int entry =
          metadata.directory().offset()
              + (group * tree.nodeCount() + node) * SegmentFormat.DIRECTORY_ENTRY_SIZE;
      body.touch(entry, SegmentFormat.DIRECTORY_ENTRY_SIZE);
      long offset = (body.getInt(entry) & 0xffffffffL) << 3;
      long length = body.getInt(entry + Integer.BYTES) & 0xffffffffL;
      // A string has its place in one read and its bytes in the next.
      int reads = tree.node(node).physical() == PhysicalType.BYTES ? 2 * rows : rows;
      // A range that cannot be is left to the chunk's reader, which says what is wrong.
      if (offset + length <= body.size() && isWorthwhile(reads, length)) {
        ranges.add(offset << 32 | length);
      } else {
        all = false;
      }
    }
    return all;
  }

  private boolean isKeyWanted(int[] wanted) {
    if (wanted == null) {
      return true;
    }
    for (int column : wanted) {
      if (tree.nodeOf(column) < 0) {
        return true;
      }
    }
    return false;
  }

  /** The keys of rows, run by run. */
  private void addKeys(int[] rows, int from, int to, Ranges ranges) {
    int i = from;
    while (i < to) {
      int first = i++;
      while (i < to && rows[i] - rows[i - 1] <= 1) {
        i++;
      }
      ranges.add(segment.keyRange(rows[first], rows[i - 1] - rows[first] + 1));
    }
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

  /** Parts of the file that are read ahead. */
  private final class Ranges {
    private long[] ranges = new long[16];
    private int count;

    void add(long range) {
      if (count == ranges.length) {
        ranges = Arrays.copyOf(ranges, count * 2);
      }
      ranges[count++] = range;
    }

    void touch() {
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

  /** Values that are read one by one, but at the same time. */
  private final class Single {
    // A row's position in the high half, the column in the low half.
    private long[] values = new long[16];
    private int count;

    void add(int[] rows, int from, int to, int column) {
      for (int i = from; i < to; i++) {
        if (count == values.length) {
          values = Arrays.copyOf(values, count * 2);
        }
        values[count++] = (long) rows[i] << 32 | column;
      }
    }

    void touch() {
      ParallelReads.forEach(
          count,
          i -> {
            int position = (int) (values[i] >>> 32);
            ValueTouch.touch(
                segment.chunk((int) values[i], position >>> metadata.rowGroupShift()),
                segment.placeOf(position));
          });
    }
  }
}
