package io.alexstore.commit;

import io.alexstore.error.DuplicateKeyException;
import io.alexstore.key.KeyCodec;
import io.alexstore.key.KeyForm;
import io.alexstore.log.SegmentEntry;
import io.alexstore.segment.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Whether each key of a primary key stands at most once in the segments of one write. Segments
 * whose ranges of keys do not meet are not opened. A sort key is never checked. Not thread-safe.
 */
public final class KeyUniqueness {

  private final KeyCodec codec;
  private final SegmentOpener opener;

  /**
   * @param opener how segments are opened
   */
  public KeyUniqueness(KeyCodec codec, SegmentOpener opener) {
    this.codec = codec;
    this.opener = opener;
  }

  /**
   * Checks the segments of one write against each other.
   *
   * @throws DuplicateKeyException if a key stands in two of them
   */
  public void checkAmong(List<SegmentEntry> added) throws IOException {
    if (!codec.isUnique()) {
      return;
    }
    List<SegmentEntry> sorted = new ArrayList<>(added);
    sorted.sort(Comparator.comparing(SegmentEntry::minKey, Arrays::compareUnsigned));
    int start = 0;
    while (start < sorted.size()) {
      // A cluster: segments whose ranges hang together. No key is in two clusters.
      byte[] max = sorted.get(start).maxKey();
      int end = start + 1;
      while (end < sorted.size() && Arrays.compareUnsigned(sorted.get(end).minKey(), max) <= 0) {
        byte[] next = sorted.get(end).maxKey();
        max = Arrays.compareUnsigned(next, max) > 0 ? next : max;
        end++;
      }
      if (end - start > 1) {
        checkCluster(sorted.subList(start, end));
      }
      start = end;
    }
  }

  private void checkCluster(List<SegmentEntry> cluster) throws IOException {
    List<Segment> segments = new ArrayList<>();
    for (SegmentEntry entry : cluster) {
      segments.add(opener.open(entry));
    }
    KeyMerge.Duplicate duplicate = KeyMerge.findDuplicate(codec.form(), segments);
    if (duplicate != null) {
      throw new DuplicateKeyException(
          format(segments.get(duplicate.first()), duplicate.position()),
          "stands twice among the rows to be written, and the table has a primary key. Nothing was"
              + " committed. Remove one of the rows, or use sortKey, which allows duplicates,"
              + " instead of primaryKey.");
    }
  }

  private String format(Segment segment, int position) {
    return codec.form() == KeyForm.LONG
        ? codec.format(segment.longKey(position))
        : codec.format(segment.keyBytes(position));
  }
}
