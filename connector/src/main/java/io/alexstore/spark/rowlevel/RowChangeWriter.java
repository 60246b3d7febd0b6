package io.alexstore.spark.rowlevel;

import io.alexstore.error.RowChangedTwiceException;
import io.alexstore.segment.DeletionVector;
import io.alexstore.spark.convert.SparkValues;
import io.alexstore.spark.write.WriteMetrics;
import io.alexstore.table.TaskWriter;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.write.DeltaWriter;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Does what one task attempt is told: marks rows as deleted, and writes new ones, which come in the
 * order of their keys.
 */
final class RowChangeWriter implements DeltaWriter<InternalRow> {

  /** The rows of one segment. */
  private static final class Marks {
    private final DeletionVector.Builder deleted = new DeletionVector.Builder();
    private final DeletionVector.Builder updated = new DeletionVector.Builder();
  }

  private final String table;
  private final TaskWriter writer;
  private final SparkValues values;
  private final Map<UTF8String, Marks> marks = new HashMap<>();
  private UTF8String lastSegment;
  private Marks lastMarks;
  private long rows;

  RowChangeWriter(String table, TaskWriter writer, SparkValues values) {
    this.table = table;
    this.writer = writer;
    this.values = values;
  }

  /**
   * Marks a row. Spark lets a MERGE that only deletes do so to one row twice, which comes to the
   * same.
   */
  @Override
  public void delete(InternalRow metadata, InternalRow id) {
    Marks segment = segment(id);
    int position = id.getInt(1);
    if (segment.updated.contains(position)) {
      throw changedTwice(position);
    }
    segment.deleted.add(position);
  }

  @Override
  public void update(InternalRow metadata, InternalRow id, InternalRow row) throws IOException {
    Marks segment = segment(id);
    int position = id.getInt(1);
    if (segment.deleted.contains(position) || !segment.updated.add(position)) {
      throw changedTwice(position);
    }
    insert(row);
  }

  @Override
  public void insert(InternalRow row) throws IOException {
    writer.append(values.reset(row));
    rows++;
  }

  private Marks segment(InternalRow id) {
    UTF8String segment = id.getUTF8String(0);
    if (!segment.equals(lastSegment)) {
      lastSegment = segment.copy();
      lastMarks = marks.computeIfAbsent(lastSegment, s -> new Marks());
    }
    return lastMarks;
  }

  private RowChangedTwiceException changedTwice(int position) {
    return new RowChangedTwiceException(table, lastSegment.toString(), position);
  }

  @Override
  public CustomTaskMetric[] currentMetricsValues() {
    return WriteMetrics.of(rows, writer);
  }

  @Override
  public WriterCommitMessage commit() throws IOException {
    Map<UUID, DeletionVector> deleted = new HashMap<>();
    Map<UUID, DeletionVector> updated = new HashMap<>();
    marks.forEach(
        (segment, marked) -> {
          UUID id = UUID.fromString(segment.toString());
          deleted.put(id, marked.deleted.build());
          updated.put(id, marked.updated.build());
        });
    return new RowChangeMessage(writer.finish(), deleted, updated);
  }

  @Override
  public void abort() {
    writer.close();
  }

  @Override
  public void close() {
    // After a commit this does nothing.
    writer.close();
  }
}
