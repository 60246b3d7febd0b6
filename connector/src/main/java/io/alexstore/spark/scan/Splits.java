package io.alexstore.spark.scan;

import io.alexstore.spark.read.AlexInputPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.apache.spark.sql.connector.read.InputPartition;

/** Cuts large segments into pieces for several tasks, and gives small ones to one task together. */
final class Splits {

  private Splits() {}

  static InputPartition[] plan(String table, List<SegmentPart> parts, SplitSize size) {
    long target = target(parts, size);
    List<InputPartition> partitions = new ArrayList<>();
    List<SegmentPart> pieces = new ArrayList<>();
    long bytes = 0;
    for (SegmentPart part : parts) {
      for (SegmentPart piece : cut(part, target, position -> position)) {
        // In the order of the keys, so that a task's rows are near each other.
        if (!pieces.isEmpty() && bytes + piece.bytes() > target) {
          partitions.add(partition(table, pieces));
          pieces.clear();
          bytes = 0;
        }
        pieces.add(piece);
        bytes += piece.bytes() + size.openCostBytes();
      }
    }
    if (!pieces.isEmpty()) {
      partitions.add(partition(table, pieces));
    }
    return partitions.toArray(InputPartition[]::new);
  }

  /** About how many bytes a partition has. */
  static long target(List<SegmentPart> parts, SplitSize size) {
    return size.target(parts.stream().mapToLong(part -> part.bytes() + size.openCostBytes()).sum());
  }

  /** A partition of some pieces, read one after the other. */
  static InputPartition partition(String table, List<SegmentPart> pieces) {
    return new AlexInputPartition(pieces.stream().map(piece -> piece.slice(table)).toList());
  }

  /**
   * Pieces of about equal numbers of rows, each at most about {@code target} bytes.
   *
   * @param align gives for a position the first one from there on where a cut may be
   */
  static List<SegmentPart> cut(SegmentPart part, long target, IntUnaryOperator align) {
    long pieces = Math.min((part.bytes() + target - 1) / target, part.positions());
    if (pieces <= 1) {
      return List.of(part);
    }
    long rowsOfEach = (part.positions() + pieces - 1) / pieces;
    List<SegmentPart> cut = new ArrayList<>();
    int[] runs = part.runs();
    int from = runs[0];
    long taken = 0;
    for (int i = 0; i < runs.length; i += 2) {
      int position = runs[i];
      while (taken + runs[i + 1] - position >= rowsOfEach) {
        position += (int) (rowsOfEach - taken);
        from = cut(part, from, align.applyAsInt(position), cut);
        taken = 0;
      }
      taken += runs[i + 1] - position;
    }
    cut(part, from, runs[runs.length - 1], cut);
    return cut;
  }

  private static int cut(SegmentPart part, int from, int to, List<SegmentPart> cut) {
    SegmentPart piece = part.clip(from, Math.max(from, to));
    if (piece.positions() > 0) {
      cut.add(piece);
    }
    return Math.max(from, to);
  }
}
