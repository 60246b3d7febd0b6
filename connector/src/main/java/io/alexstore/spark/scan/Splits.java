package io.alexstore.spark.scan;

import io.alexstore.spark.read.AlexInputPartition;
import io.alexstore.spark.read.SegmentSlice;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.connector.read.InputPartition;

/** Cuts large segments into pieces for several tasks, and gives small ones to one task together. */
final class Splits {

  private Splits() {}

  static InputPartition[] plan(String table, List<SegmentPart> parts, SplitSize size) {
    long total = parts.stream().mapToLong(part -> part.bytes() + size.openCostBytes()).sum();
    long target = size.target(total);
    List<InputPartition> partitions = new ArrayList<>();
    List<SegmentSlice> slices = new ArrayList<>();
    long bytes = 0;
    for (SegmentPart part : parts) {
      for (SegmentPart piece : cut(part, target)) {
        // In the order of the keys, so that a task's rows are near each other.
        if (!slices.isEmpty() && bytes + piece.bytes() > target) {
          partitions.add(new AlexInputPartition(slices));
          slices.clear();
          bytes = 0;
        }
        slices.add(piece.slice(table));
        bytes += piece.bytes() + size.openCostBytes();
      }
    }
    if (!slices.isEmpty()) {
      partitions.add(new AlexInputPartition(slices));
    }
    return partitions.toArray(InputPartition[]::new);
  }

  /** Pieces of about equal numbers of rows, each at most about {@code target} bytes. */
  private static List<SegmentPart> cut(SegmentPart part, long target) {
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
        cut.add(part.clip(from, position));
        from = position;
        taken = 0;
      }
      taken += runs[i + 1] - position;
    }
    if (taken > 0) {
      cut.add(part.clip(from, runs[runs.length - 1]));
    }
    return cut;
  }
}
