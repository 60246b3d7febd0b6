package io.alexstore.table;

import io.alexstore.commit.DeletionVectors;
import io.alexstore.commit.TableProbe;
import io.alexstore.io.FilePaths;
import io.alexstore.io.FileStore;
import io.alexstore.io.FileStores;
import io.alexstore.key.KeyCodec;
import io.alexstore.log.LogFormat;
import io.alexstore.log.SegmentEntry;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaJson;
import io.alexstore.segment.RollingSegmentWriter;
import io.alexstore.segment.SegmentOptions;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * What a task needs to write segments for a {@link TableWrite} that runs elsewhere. Serializable;
 * immutable. Its size grows with the number of the table's segments if keys are to be looked up in
 * them, so send it once, not with each task.
 *
 * @param table the path of the table's directory
 * @param tableId the table
 * @param schemaJson the schema of the rows, as {@link SchemaJson} writes it
 * @param probedVersion the version in which tasks look their keys up; -1 for none
 * @param probedSegments its segments, in the order of their smallest keys
 */
public record WriteTarget(
    String table,
    UUID tableId,
    String schemaJson,
    long probedVersion,
    List<SegmentEntry> probedSegments)
    implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Checks that nothing is missing. */
  public WriteTarget {
    Objects.requireNonNull(table, "table");
    Objects.requireNonNull(tableId, "tableId");
    Objects.requireNonNull(schemaJson, "schemaJson");
    probedSegments = List.copyOf(probedSegments);
  }

  /** The schema of the rows. */
  public Schema schema() {
    return SchemaJson.fromText(schemaJson, table);
  }

  /** The directory that segments are written into. */
  public String dataDirectory() {
    return FilePaths.resolve(table, LogFormat.DATA_DIRECTORY);
  }

  /**
   * A writer of rows in the order of their keys, for one task: looks their keys up meanwhile, for
   * {@link TableWrite#commitTasks}.
   */
  public TaskWriter openTask(SegmentOptions options) throws IOException {
    return openTask(FileStores.forPath(table), options);
  }

  /** As {@link #openTask(SegmentOptions)}, in a given store. */
  public TaskWriter openTask(FileStore store, SegmentOptions options) throws IOException {
    RollingSegmentWriter writer = openWriter(store, options);
    if (probedVersion < 0) {
      return new TaskWriter(writer, null);
    }
    TableProbe probe =
        new TableProbe(
            KeyCodec.of(schema()).form(),
            probedVersion,
            probedSegments,
            entry -> OpenSegments.openAlone(store, table, tableId, entry),
            new DeletionVectors(store, table));
    return new TaskWriter(writer, probe);
  }

  /** A writer of rows in the order of their keys, which looks no key up. */
  public RollingSegmentWriter openWriter(SegmentOptions options) throws IOException {
    return openWriter(FileStores.forPath(table), options);
  }

  /** As {@link #openWriter(SegmentOptions)}, in a given store. */
  public RollingSegmentWriter openWriter(FileStore store, SegmentOptions options)
      throws IOException {
    return new RollingSegmentWriter(store, dataDirectory(), tableId, schema(), options);
  }
}
