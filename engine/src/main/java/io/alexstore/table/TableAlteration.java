package io.alexstore.table;

import io.alexstore.error.CommitConflictException;
import io.alexstore.log.Snapshot;
import io.alexstore.log.SnapshotEdit;
import io.alexstore.log.TableLog;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaChange;
import io.alexstore.schema.SchemaEvolution;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Changes of a table's columns and properties, all at once by one commit; made by {@link
 * AlexTable#alter}. No row is read or written: it costs the time of publishing one small file. Rows
 * that are there are read with the new columns from then on, older versions as they were.
 *
 * <pre>{@code
 * table.alter()
 *     .change(new SchemaChange.Add("note", StringType.BINARY_ORDER))
 *     .setProperty("owner", "me")
 *     .commit();
 * }</pre>
 *
 * <p>Goes together with whatever others commit meanwhile, but for other changes of columns, which
 * are a conflict. Not thread-safe.
 */
public final class TableAlteration {

  private final TableLog log;
  private final Snapshot base;
  private final List<SchemaChange> changes = new ArrayList<>();
  // Null for those that go.
  private final Map<String, String> properties = new LinkedHashMap<>();

  TableAlteration(TableLog log, Snapshot base) {
    this.log = log;
    this.base = base;
  }

  /** Changes a column, after what was said before. */
  public TableAlteration change(SchemaChange change) {
    changes.add(Objects.requireNonNull(change, "change"));
    return this;
  }

  /** Sets a property. */
  public TableAlteration setProperty(String name, String value) {
    properties.put(name, Objects.requireNonNull(value, "value"));
    return this;
  }

  /** Removes a property, if it is there. */
  public TableAlteration removeProperty(String name) {
    properties.put(Objects.requireNonNull(name, "name"), null);
    return this;
  }

  /**
   * The schema that the changes so far come to.
   *
   * @throws IllegalArgumentException if a change is not allowed; the message says why and what to
   *     do
   */
  public Schema schema() {
    return SchemaEvolution.apply(base.schema(), changes, base.freeSchemaId());
  }

  /**
   * Commits. Does nothing if nothing is to be another than it is.
   *
   * @return the version that was made; the newest if there was nothing to do
   * @throws IllegalArgumentException if a change is not allowed
   * @throws CommitConflictException if another writer changed columns since, or won too many races
   * @throws io.alexstore.error.CommitStateUnknownException if it may or may not have happened
   * @throws IOException if it certainly did not happen
   */
  public Snapshot commit() throws IOException {
    Optional<Schema> schema = Optional.of(schema()).filter(s -> s != base.schema());
    Snapshot newest = base;
    for (int attempt = 1; ; attempt++) {
      newest = log.refresh(newest);
      if (!changes.isEmpty() && !newest.schema().equals(base.schema())) {
        throw new CommitConflictException(
            log.table(), newest.version(), "the table has another schema since");
      }
      Map<String, String> all = new LinkedHashMap<>(newest.properties());
      properties.forEach(
          (name, value) -> {
            if (value == null) {
              all.remove(name);
            } else {
              all.put(name, value);
            }
          });
      boolean sameProperties = all.equals(newest.properties());
      if (schema.isEmpty() && sameProperties) {
        return newest;
      }
      SnapshotEdit edit =
          SnapshotEdit.alter(
              schema, sameProperties ? Optional.empty() : Optional.of(all), summary());
      try {
        return log.publish(newest, edit);
      } catch (CommitConflictException e) {
        if (attempt == TableWrite.DEFAULT_MAX_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private Map<String, String> summary() {
    Map<String, String> figures = new LinkedHashMap<>();
    if (!changes.isEmpty()) {
      figures.put("columnChanges", Integer.toString(changes.size()));
    }
    if (!properties.isEmpty()) {
      figures.put("propertyChanges", Integer.toString(properties.size()));
    }
    return figures;
  }
}
