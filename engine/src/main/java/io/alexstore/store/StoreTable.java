package io.alexstore.store;

import io.alexstore.error.CommitConflictException;
import io.alexstore.error.TableExistsException;
import io.alexstore.io.FilePaths;
import io.alexstore.io.FileStore;
import io.alexstore.key.KeyCodec;
import io.alexstore.key.KeyForm;
import io.alexstore.log.Snapshot;
import io.alexstore.log.TableLog;
import io.alexstore.schema.Column;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.table.AlexTable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The table that a store seals into: {@code key BIGINT} or {@code key BINARY}, the primary key, and
 * {@code value BINARY}, neither of them null. Made if it is not there. Immutable.
 *
 * @param committer the name under which the store owns the table and commits to it
 */
record StoreTable(FileStore files, String path, KeyForm form, TableLog log, String committer) {

  private static final int MAX_RACES = 1000;

  static StoreTable of(FileStore files, String path, KeyForm form, String committer) {
    TableLog log = new TableLog(files, path, Optional.of(committer));
    return new StoreTable(files, path, form, log, committer);
  }

  static Schema schema(KeyForm form) {
    ScalarType key = form == KeyForm.LONG ? ScalarType.LONG : ScalarType.BINARY;
    return new SchemaBuilder()
        .column("key", key, false)
        .column("value", ScalarType.BINARY, false)
        .primaryKey("key")
        .build();
  }

  /** The directory of the store's own files. */
  String directory() {
    return FilePaths.resolve(path, WalFormat.DIRECTORY);
  }

  /**
   * Makes the table if there is none, and takes ownership of it. The caller holds the store's lock,
   * so whoever owns it by now is dead.
   *
   * @throws IllegalArgumentException if the table is not one that a store can have
   */
  Snapshot own() throws IOException {
    if (!AlexTable.exists(files, path)) {
      try {
        AlexTable.create(files, path, schema(form), Map.of()).close();
      } catch (TableExistsException e) {
        // Another program was faster; it is looked at as any other.
      }
    }
    for (int race = 1; ; race++) {
      Snapshot newest = log.load();
      checkSchema(newest);
      try {
        return log.own(newest);
      } catch (CommitConflictException e) {
        if (race == MAX_RACES) {
          throw e;
        }
      }
    }
  }

  /** What says that the store is closed. */
  IllegalStateException closed() {
    return new IllegalStateException("The store at " + path + " is closed");
  }

  /** Gives ownership back: from now on anybody may write. */
  void disown(Snapshot newest) throws IOException {
    log.disown(log.refresh(newest));
  }

  private void checkSchema(Snapshot snapshot) {
    List<Column> columns = snapshot.schema().columns();
    List<Column> wanted = schema(form).columns();
    boolean fits =
        columns.size() == 2
            && snapshot.schema().key().isUnique()
            && snapshot.schema().keyColumns().equals(List.of(columns.get(0)))
            && snapshot.schema().checks().isEmpty()
            && KeyCodec.of(snapshot.schema()).form() == form;
    for (int i = 0; fits && i < columns.size(); i++) {
      fits = columns.get(i).type().equals(wanted.get(i).type()) && !columns.get(i).nullable();
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "The table at "
              + path
              + " cannot be opened as a store of "
              + (form == KeyForm.LONG ? "64-bit keys" : "keys of bytes")
              + ": its columns are "
              + columns.stream()
                  .map(c -> c.name() + " " + c.type() + (c.nullable() ? "" : " NOT NULL"))
                  .toList()
              + ", and a store has 'key "
              + (form == KeyForm.LONG ? "BIGINT" : "BINARY")
              + " NOT NULL PRIMARY KEY, value BINARY NOT NULL'. Open another directory, or the"
              + " store with the other kind of keys (StoreOptions.withBytesKeys).");
    }
  }
}
