package io.alexstore.table;

import io.alexstore.commit.ProbeOutcome;
import io.alexstore.segment.DeletionVector;
import io.alexstore.segment.SegmentInfo;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What a task wrote, and what it found in the table of its keys, on the way to the commit.
 * Immutable.
 *
 * @param segments the segments, in the order of their keys
 * @param probe which of the keys are in the version that the write began with
 * @param deleted the rows of that version that the task deletes, by segment
 */
public record TaskOutput(
    List<SegmentInfo> segments, ProbeOutcome probe, Map<UUID, DeletionVector> deleted)
    implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Copies the list. */
  public TaskOutput {
    segments = List.copyOf(segments);
    deleted = Map.copyOf(deleted);
  }

  /** Of a task that deletes nothing. */
  public TaskOutput(List<SegmentInfo> segments, ProbeOutcome probe) {
    this(segments, probe, Map.of());
  }

  /** The same, of a task that deletes rows as well. */
  public TaskOutput deleting(Map<UUID, DeletionVector> rows) {
    return new TaskOutput(segments, probe, rows);
  }

  /** The segments of several tasks. */
  public static List<SegmentInfo> segments(List<TaskOutput> outputs) {
    return outputs.stream().flatMap(output -> output.segments().stream()).toList();
  }
}
