package io.alexstore.table;

import io.alexstore.log.Snapshot;
import io.alexstore.schema.Values;
import io.alexstore.segment.RollingSegmentWriter;
import io.alexstore.segment.SegmentInfo;
import io.alexstore.segment.SegmentOptions;
import java.io.IOException;
import java.util.List;

/**
 * Writes rows in the order of their keys, and commits them: a whole {@link TableWrite} in one
 * place.
 *
 * <pre>{@code
 * try (TableWriter w = table.appender(SegmentOptions.defaults())) {
 *   w.append(ArrayRow.of(table.schema(), 42L, "x"));
 *   w.commit();
 * }
 * }</pre>
 *
 * <p>Memory use does not grow with the number of rows. Not thread-safe.
 */
public final class TableWriter implements AutoCloseable {

  private final TableWrite write;
  private final RollingSegmentWriter segments;
  private List<SegmentInfo> finished;

  TableWriter(TableWrite write, SegmentOptions options) throws IOException {
    this.write = write;
    this.segments = write.target().openWriter(write.store(), options);
  }

  /**
   * Adds a row, which is visible to nobody before {@link #commit}.
   *
   * @param row the columns of the schema in order, with a key that follows the last row's; not kept
   * @throws io.alexstore.error.DuplicateKeyException if the key equals the last row's and must be
   *     unique
   * @throws io.alexstore.error.NullKeyException if a column of a primary key is null
   */
  public void append(Values row) throws IOException {
    segments.append(row);
  }

  /**
   * Commits all rows at once; see {@link TableWrite#commit} for what may be thrown. After an {@link
   * IOException} it may be called again.
   *
   * @return the version that was made
   */
  public Snapshot commit() throws IOException {
    if (finished == null) {
      finished = segments.finish();
    }
    return write.commit(finished);
  }

  /** Gives up what was not committed, and deletes its files. */
  @Override
  public void close() {
    segments.close();
    if (finished != null) {
      write.abort(finished);
    }
  }
}
