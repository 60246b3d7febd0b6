package io.alexstore.table;

import io.alexstore.commit.ProbeOutcome;
import io.alexstore.commit.TableProbe;
import io.alexstore.schema.Values;
import io.alexstore.segment.RollingSegmentWriter;
import java.io.IOException;

/**
 * Writes the rows of one task, in the order of their keys, and looks their keys up in the table
 * meanwhile, so that the commit need not. Made by {@link WriteTarget#openTask}. Not thread-safe.
 */
public final class TaskWriter implements AutoCloseable {

  private final RollingSegmentWriter segments;
  // Null if keys need not be unique, or all rows that the table has go.
  private final TableProbe probe;

  TaskWriter(RollingSegmentWriter segments, TableProbe probe) {
    this.segments = segments;
    this.probe = probe;
  }

  /**
   * Adds a row, which is visible to nobody before the commit; see {@link TableWriter#append}. A key
   * that is in the table is no error here.
   */
  public void append(Values row) throws IOException {
    segments.append(row);
    if (probe != null) {
      probe.addLastOf(segments);
    }
  }

  /** The number of segments that have been begun. */
  public int segmentCount() {
    return segments.segmentCount();
  }

  /** About how many bytes have been written. */
  public long encodedBytes() {
    return segments.encodedBytes();
  }

  /** How many keys have been looked for in the table. */
  public long keysProbed() {
    return probe == null ? 0 : probe.keysProbed();
  }

  /** Finishes the segments and makes them durable, for {@link TableWrite#commitTasks}. */
  public TaskOutput finish() throws IOException {
    ProbeOutcome outcome = probe == null ? ProbeOutcome.NONE : probe.finish();
    return new TaskOutput(segments.finish(), outcome);
  }

  /** Deletes everything written, as far as possible, unless {@link #finish} has succeeded. */
  @Override
  public void close() {
    if (probe != null) {
      probe.close();
    }
    segments.close();
  }
}
