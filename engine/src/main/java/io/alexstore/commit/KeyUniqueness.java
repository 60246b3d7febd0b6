package io.alexstore.commit;

import io.alexstore.error.DuplicateKeyException;
import io.alexstore.key.KeyCodec;
import io.alexstore.key.KeyForm;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.segment.Segment;
import io.alexstore.segment.SegmentInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Whether each key of a primary key stands in a table at most once after a commit. Segments whose
 * ranges of keys do not meet are not opened. A sort key is never checked. Not thread-safe.
 */
public final class KeyUniqueness {

  private final KeyCodec codec;
  private final SegmentOpener opener;

  /**
   * @param opener how segments, new ones and the table's, are opened
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

  /**
   * Checks the segments of a write against those of the table.
   *
   * @param seen a version whose segments need not be looked at, since they were; null for none
   * @param leaving segments that the same commit takes out of the table
   * @throws DuplicateKeyException if a key is in the table
   */
  public void checkAgainst(
      List<SegmentEntry> added, Snapshot snapshot, Snapshot seen, Set<UUID> leaving)
      throws IOException {
    if (!codec.isUnique()) {
      return;
    }
    for (SegmentEntry entry : added) {
      for (SegmentEntry other : snapshot.segmentsFor(entry.minKey(), entry.maxKey())) {
        boolean isSeen = seen != null && seen.contains(other.id());
        if (!isSeen && !leaving.contains(other.id())) {
          checkPair(entry, other, isThere(snapshot, other));
        }
      }
    }
  }

  /**
   * Judges what tasks found: a key is a duplicate if the segment that has it still is in the table.
   *
   * @throws DuplicateKeyException if there is one; of several it names the smallest
   */
  public void checkProbed(ProbeOutcome probed, Snapshot snapshot) {
    SegmentEntry where = null;
    for (SegmentEntry entry :
        probed.found().isEmpty() ? List.<SegmentEntry>of() : snapshot.segments()) {
      byte[] key = probed.found().get(entry.id());
      if (key != null
          && (where == null || Arrays.compareUnsigned(key, probed.found().get(where.id())) < 0)) {
        where = entry;
      }
    }
    if (where != null) {
      byte[] key = probed.found().get(where.id());
      throw new DuplicateKeyException(
          codec.form() == KeyForm.LONG ? codec.format(SegmentInfo.longKey(key)) : codec.format(key),
          isThere(snapshot, where));
    }
  }

  private static String isThere(Snapshot snapshot, SegmentEntry segment) {
    return "is in the table at "
        + snapshot.table()
        + " already (segment "
        + segment.path()
        + ", version "
        + segment.addedIn()
        + "), and an append must not write it again. Nothing was committed. Leave such rows out,"
        + " or overwrite the table. To update or ignore rows that are there, wait for the option"
        + " onConflict of a later release.";
  }

  /**
   * Checks the segments of a write against the rows of segments that it replaces in part.
   *
   * @param added what the write brings
   * @param kept what stays of the segments, written anew
   * @throws DuplicateKeyException if a key is in both
   */
  public void checkAgainstKept(List<SegmentEntry> added, List<SegmentEntry> kept, String table)
      throws IOException {
    if (!codec.isUnique()) {
      return;
    }
    for (SegmentEntry entry : added) {
      for (SegmentEntry other : kept) {
        if (entry.overlaps(other)) {
          checkPair(
              entry,
              other,
              "is in the table at "
                  + table
                  + " already, in a row that the condition of this overwrite keeps. Nothing was"
                  + " committed. Leave such rows out, or widen the condition.");
        }
      }
    }
  }

  private void checkPair(SegmentEntry added, SegmentEntry existing, String what)
      throws IOException {
    Segment segment = opener.open(added);
    int position = KeyProbe.findDuplicate(codec.form(), segment, opener.open(existing));
    if (position >= 0) {
      throw new DuplicateKeyException(format(segment, position), what);
    }
  }

  private String format(Segment segment, int position) {
    return codec.form() == KeyForm.LONG
        ? codec.format(segment.longKey(position))
        : codec.format(segment.keyBytes(position));
  }
}
