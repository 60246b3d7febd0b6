package io.alexstore.spark.write;

import io.alexstore.table.TaskOutput;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.connector.write.WriterCommitMessage;

/**
 * What a task wrote, on its way to the driver.
 *
 * @param output its segments, and which of its keys the table had
 */
record TaskMessage(TaskOutput output) implements WriterCommitMessage {

  private static final long serialVersionUID = 1L;

  /** What all tasks wrote; messages of tasks that did not get so far are null. */
  static List<TaskOutput> outputs(WriterCommitMessage[] messages) {
    return Arrays.stream(messages)
        .filter(TaskMessage.class::isInstance)
        .map(message -> ((TaskMessage) message).output())
        .toList();
  }
}
