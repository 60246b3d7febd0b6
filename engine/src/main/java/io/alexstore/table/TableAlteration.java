package io.alexstore.table;

import io.alexstore.error.CommitConflictException;
import io.alexstore.io.FileStore;
import io.alexstore.log.LogEntry;
import io.alexstore.log.Operation;
import io.alexstore.log.Snapshot;
import io.alexstore.log.SnapshotEdit;
import io.alexstore.log.TableLog;
import io.alexstore.schema.CheckConstraint;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaChange;
import io.alexstore.schema.SchemaEvolution;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Changes of what a table says of itself, which leave its rows alone: each is a version of its own.
 * Where others commit meanwhile, the change is made again on top of theirs.
 *
 * <p>Every method may throw {@link io.alexstore.error.TableNotFoundException}, {@link
 * CommitConflictException} if others won too many races, {@link
 * io.alexstore.error.CommitStateUnknownException}, and {@link IOException} if it certainly did not
 * happen.
 *
 * <p>Thread safety: safe for any number of threads.
 */
public final class TableAlteration {

  private final TableLog log;

  private TableAlteration(FileStore store, String path) {
    this.log = new TableLog(store, path);
  }

  /** Alterations of the table at a path. */
  public static TableAlteration of(FileStore store, String path) {
    return new TableAlteration(store, path);
  }

  /**
   * Changes columns, all at once; see {@link io.alexstore.schema.SchemaEvolution} for what is
   * allowed. No row is read or written: those that are there are read with the new columns from
   * then on, older versions as they were. Goes together with what others write meanwhile.
   *
   * @param seen the version whose columns are changed
   * @param changes what is done to them, one after another
   * @param properties changes a copy of the properties
   * @return the version that was made; the newest if nothing is to be another than it is
   * @throws IllegalArgumentException if a change is not allowed; the message says why and what to
   *     do
   * @throws CommitConflictException if others changed the schema since
   */
  public Snapshot columns(
      Snapshot seen, List<SchemaChange> changes, Consumer<Map<String, String>> properties)
      throws IOException {
    return alter(
        seen,
        newest -> {
          Map<String, String> changed = new TreeMap<>(newest.properties());
          properties.accept(changed);
          int id = newest.nextSchemaId();
          return edit(newest, SchemaEvolution.apply(newest.schema(), changes, id), changed);
        },
        entry -> {
          if (entry.schema().isPresent()) {
            throw conflict(entry, "the table has another schema since");
          }
        });
  }

  /**
   * Changes the properties.
   *
   * @param change changes a copy of them
   * @return the version that was made; the newest if nothing was changed
   */
  public Snapshot properties(Consumer<Map<String, String>> change) throws IOException {
    return alter(
        log.load(),
        newest -> {
          Map<String, String> properties = new TreeMap<>(newest.properties());
          change.accept(properties);
          return edit(newest, newest.schema(), properties);
        },
        entry -> {});
  }

  /**
   * Adds a CHECK constraint, which all rows of a version fulfil. Writes that began before it fail
   * with a conflict, since they do not know it.
   *
   * @param checked the version whose rows were seen to fulfil it
   * @return the version that was made
   * @throws IllegalArgumentException if there is one of the name already
   * @throws CommitConflictException if others added rows since, or changed the schema: see again
   *     whether all rows fulfil it
   */
  public Snapshot addCheck(Snapshot checked, CheckConstraint check) throws IOException {
    return alter(
        checked,
        newest -> {
          List<CheckConstraint> checks = new ArrayList<>(newest.schema().checks());
          checks.add(check);
          return edit(newest, newest.schema().withChecks(newest.nextSchemaId(), checks));
        },
        entry -> {
          if (entry.schema().isPresent()) {
            throw conflict(entry, "the table has another schema since");
          }
          if (!entry.added().isEmpty() && !entry.operation().equals(Operation.COMPACT)) {
            throw conflict(
                entry,
                "it added rows, of which nobody has seen whether they fulfil the constraint '"
                    + check.name()
                    + "'");
          }
        });
  }

  private CommitConflictException conflict(LogEntry entry, String why) {
    return new CommitConflictException(log.table(), entry.version(), why);
  }

  /**
   * Drops a CHECK constraint. Writes that began before it fail with a conflict.
   *
   * @param name its name; case does not matter
   * @return the version that was made; empty if there is none of the name
   */
  public Optional<Snapshot> dropCheck(String name) throws IOException {
    boolean[] isThere = {false};
    Snapshot made =
        alter(
            log.load(),
            newest -> {
              List<CheckConstraint> checks = new ArrayList<>(newest.schema().checks());
              isThere[0] = checks.removeIf(check -> check.name().equalsIgnoreCase(name));
              return isThere[0]
                  ? edit(newest, newest.schema().withChecks(newest.nextSchemaId(), checks))
                  : Optional.empty();
            },
            entry -> {});
    return isThere[0] ? Optional.of(made) : Optional.empty();
  }

  private static Optional<SnapshotEdit> edit(Snapshot newest, Schema schema) {
    return edit(newest, schema, newest.properties());
  }

  private static Optional<SnapshotEdit> edit(
      Snapshot newest, Schema schema, Map<String, String> properties) {
    boolean isSame = schema.equals(newest.schema()) && properties.equals(newest.properties());
    return isSame
        ? Optional.empty()
        : Optional.of(
            SnapshotEdit.of(
                Operation.ALTER,
                Optional.of(schema).filter(s -> !s.equals(newest.schema())),
                Optional.of(properties).filter(p -> !p.equals(newest.properties())),
                List.of(),
                List.of()));
  }

  @FunctionalInterface
  private interface Alteration {
    /** What to commit on top of a version; empty if it is as it should be. */
    Optional<SnapshotEdit> on(Snapshot newest);
  }

  private Snapshot alter(Snapshot base, Alteration alteration, Consumer<LogEntry> since)
      throws IOException {
    Snapshot newest = base;
    for (int attempt = 1; ; attempt++) {
      newest = log.refresh(newest, since);
      Optional<SnapshotEdit> edit = alteration.on(newest);
      if (edit.isEmpty()) {
        return newest;
      }
      try {
        return log.publish(newest, edit.get());
      } catch (CommitConflictException e) {
        if (attempt > TableWrite.DEFAULT_COMMIT_RETRIES) {
          throw e;
        }
      }
    }
  }
}
