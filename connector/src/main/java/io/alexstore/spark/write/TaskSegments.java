package io.alexstore.spark.write;

import io.alexstore.segment.SegmentInfo;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.spark.sql.connector.write.WriterCommitMessage;

/**
 * The segments that a task wrote, on their way to the driver.
 *
 * @param segments the segments in the order of their keys
 */
record TaskSegments(List<Sent> segments) implements WriterCommitMessage {

  private static final long serialVersionUID = 1L;

  /** A {@link SegmentInfo} that can be sent. */
  @SuppressWarnings("ArrayRecordComponent") // A carrier that is never compared.
  record Sent(String path, UUID segmentId, int rowCount, long fileSize, byte[] min, byte[] max)
      implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  static TaskSegments of(List<SegmentInfo> segments) {
    return new TaskSegments(
        segments.stream()
            .map(
                s ->
                    new Sent(
                        s.path(),
                        s.segmentId(),
                        s.rowCount(),
                        s.fileSize(),
                        s.minKey(),
                        s.maxKey()))
            .toList());
  }

  /** The segments of all tasks; messages of tasks that did not get so far are null. */
  static List<SegmentInfo> all(WriterCommitMessage[] messages) {
    List<SegmentInfo> all = new ArrayList<>();
    for (WriterCommitMessage message : messages) {
      if (message instanceof TaskSegments task) {
        for (Sent s : task.segments()) {
          all.add(
              new SegmentInfo(
                  s.path(), s.segmentId(), s.rowCount(), s.fileSize(), s.min(), s.max()));
        }
      }
    }
    return all;
  }
}
