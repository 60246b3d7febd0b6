package io.alexstore.table;

import io.alexstore.commit.ProbeOutcome;
import io.alexstore.segment.SegmentInfo;
import java.io.Serializable;
import java.util.List;

/**
 * What a task wrote, and what it found in the table of its keys, on the way to the commit.
 * Immutable.
 *
 * @param segments the segments, in the order of their keys
 * @param probe which of the keys are in the version that the write began with
 */
public record TaskOutput(List<SegmentInfo> segments, ProbeOutcome probe) implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Copies the list. */
  public TaskOutput {
    segments = List.copyOf(segments);
  }

  /** The segments of several tasks. */
  public static List<SegmentInfo> segments(List<TaskOutput> outputs) {
    return outputs.stream().flatMap(output -> output.segments().stream()).toList();
  }
}
