package io.alexstore.spark.rowlevel;

import io.alexstore.segment.DeletionVector;
import io.alexstore.table.TaskOutput;
import java.util.Map;
import java.util.UUID;
import org.apache.spark.sql.connector.write.WriterCommitMessage;

/**
 * What a task did, on its way to the driver.
 *
 * @param output its new rows
 * @param deleted the rows that go, by segment
 * @param updated the rows in whose place new ones come, by segment
 */
record RowChangeMessage(
    TaskOutput output, Map<UUID, DeletionVector> deleted, Map<UUID, DeletionVector> updated)
    implements WriterCommitMessage {

  private static final long serialVersionUID = 1L;
}
