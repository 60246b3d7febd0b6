package io.alexstore.table;

import io.alexstore.io.FilePaths;
import io.alexstore.io.FileStore;
import io.alexstore.io.FileStores;
import io.alexstore.log.LogFormat;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaJson;
import io.alexstore.segment.RollingSegmentWriter;
import io.alexstore.segment.SegmentOptions;
import java.io.IOException;
import java.io.Serializable;
import java.util.Objects;
import java.util.UUID;

/**
 * What a task needs to write segments for a {@link TableWrite} that runs elsewhere. Small and
 * serializable; immutable.
 *
 * @param table the path of the table's directory
 * @param tableId the table
 * @param schemaJson the schema of the rows, as {@link SchemaJson} writes it
 */
public record WriteTarget(String table, UUID tableId, String schemaJson) implements Serializable {

  /** Checks that nothing is missing. */
  public WriteTarget {
    Objects.requireNonNull(table, "table");
    Objects.requireNonNull(tableId, "tableId");
    Objects.requireNonNull(schemaJson, "schemaJson");
  }

  /** The schema of the rows. */
  public Schema schema() {
    return SchemaJson.fromText(schemaJson, table);
  }

  /** The directory that segments are written into. */
  public String dataDirectory() {
    return FilePaths.resolve(table, LogFormat.DATA_DIRECTORY);
  }

  /** A writer of rows in the order of their keys, for one task. */
  public RollingSegmentWriter openWriter(SegmentOptions options) throws IOException {
    return openWriter(FileStores.forPath(table), options);
  }

  /** A writer of rows in the order of their keys, in a given store. */
  public RollingSegmentWriter openWriter(FileStore store, SegmentOptions options)
      throws IOException {
    return new RollingSegmentWriter(store, dataDirectory(), tableId, schema(), options);
  }
}
