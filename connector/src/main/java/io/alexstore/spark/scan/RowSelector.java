package io.alexstore.spark.scan;

import io.alexstore.segment.DeletionVector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Finds the rows of a {@link RowSelection} among those with some keys. */
final class RowSelector {

  private final CandidateRows candidates;
  private final RowSelection selection;

  private RowSelector(CandidateRows candidates, RowSelection selection) {
    this.candidates = candidates;
    this.selection = selection;
  }

  /**
   * The rows: in the order of the segments' smallest keys, or, if they are {@linkplain
   * RowSelection#isMerged merged}, in the one that they come in.
   */
  static List<SegmentPart> select(CandidateRows candidates, RowSelection selection) {
    try {
      return new RowSelector(candidates, selection).select();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot read which rows of " + candidates.snapshot().table() + " are deleted", e);
    }
  }

  private List<SegmentPart> select() throws IOException {
    List<SegmentPart> parts = candidates.parts();
    if (selection.sample().isPresent()) {
      parts = sample(parts, selection.sample().get());
    }
    if (!selection.isCut() || !candidates.areKnown()) {
      return parts;
    } else if (selection.isMerged()) {
      return FirstByKey.of(candidates.storage(), parts, selection);
    } else if (selection.direction() != KeyDirection.ANY) {
      return leading(parts);
    }
    return cut(parts);
  }

  private List<SegmentPart> sample(List<SegmentPart> parts, SystemSample sample)
      throws IOException {
    List<SegmentPart> drawn = new ArrayList<>();
    for (SegmentPart part : parts) {
      int[] runs = sample.of(part.segment(), part.runs());
      if (runs.length > 0) {
        drawn.add(part.of(runs, SegmentPruning.live(candidates.storage(), part.segment(), runs)));
      }
    }
    return drawn;
  }

  /** From the first rows that are not skipped as many as are enough. */
  private List<SegmentPart> cut(List<SegmentPart> parts) throws IOException {
    List<SegmentPart> some = new ArrayList<>();
    long skip = selection.skip();
    long missing =
        selection.limit() == RowSelection.NO_LIMIT ? Long.MAX_VALUE : selection.limit() - skip;
    for (SegmentPart part : parts) {
      if (missing <= 0) {
        break;
      } else if (part.rows() <= skip) {
        skip -= part.rows();
        continue;
      }
      SegmentPart rest = skip == 0 ? part : part.after(deleted(part), skip);
      skip = 0;
      SegmentPart first = missing >= rest.rows() ? rest : rest.first(missing, deleted(part));
      some.add(first);
      missing -= first.rows();
    }
    return some;
  }

  /**
   * Of each segment the first rows, in the direction that is asked for, as many as are enough; and
   * only of segments that may have some of the first of all.
   */
  private List<SegmentPart> leading(List<SegmentPart> parts) throws IOException {
    boolean ascending = selection.direction() == KeyDirection.ASCENDING;
    List<SegmentPart> ordered = new ArrayList<>(parts);
    ordered.sort(
        ascending
            ? Comparator.comparing(part -> part.segment().minKey(), Arrays::compareUnsigned)
            : Comparator.comparing(
                part -> part.segment().maxKey(), (a, b) -> Arrays.compareUnsigned(b, a)));
    List<SegmentPart> some = new ArrayList<>();
    long rows = 0;
    byte[] end = null;
    for (SegmentPart part : ordered) {
      byte[] start = ascending ? part.segment().minKey() : part.segment().maxKey();
      if (rows >= selection.limit() && isBefore(end, start, ascending)) {
        break;
      }
      byte[] own = ascending ? part.segment().maxKey() : part.segment().minKey();
      end = end == null || isBefore(end, own, ascending) ? own : end;
      rows += part.rows();
      int most = selection.limit();
      some.add(
          part.rows() <= most
              ? part
              : ascending
                  ? part.first(most, deleted(part))
                  : part.after(deleted(part), part.rows() - most));
    }
    return some;
  }

  private static boolean isBefore(byte[] key, byte[] other, boolean ascending) {
    int order = Arrays.compareUnsigned(key, other);
    return ascending ? order <= 0 : order >= 0;
  }

  private DeletionVector deleted(SegmentPart part) throws IOException {
    return part.deleted(candidates.snapshot().table()).read(candidates.storage().store());
  }
}
