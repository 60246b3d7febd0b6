package io.alexstore.log;

import io.alexstore.error.AlexStoreException;
import io.alexstore.error.CorruptFileException;
import io.alexstore.error.TableNotFoundException;
import io.alexstore.io.FileStore;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads a whole log, from version 0 on, and goes on where something is wrong. */
public final class LogVerifier {

  private LogVerifier() {}

  /**
   * Reads every entry and checks that each follows the one before. After one that does not, those
   * that come later are still read, but cannot be checked against it.
   *
   * @param found receives what is wrong
   * @return the newest version up to which nothing is wrong; empty if there is none
   * @throws TableNotFoundException if there is no table
   */
  public static Optional<Snapshot> verify(
      FileStore store, String table, Consumer<AlexStoreException> found) throws IOException {
    TableLog log = new TableLog(store, table);
    long newest = log.newestVersion();
    SnapshotBuilder builder = new SnapshotBuilder(table);
    Snapshot last = null;
    long applied = 0;
    for (long version = 0; version <= newest; version++) {
      String path = LogFormat.entryPath(table, version);
      try {
        LogEntry entry =
            log.read(version)
                .orElseThrow(
                    () ->
                        new CorruptFileException(
                            path,
                            -1,
                            "the entry is missing, though the log has version " + newest));
        if (applied == version) {
          builder.apply(path, entry);
          applied++;
        }
      } catch (AlexStoreException e) {
        found.accept(e);
        if (applied == version) {
          // What the entry did in part must not count.
          last = version == 0 ? null : upTo(log, table, version - 1);
        }
      }
    }
    return Optional.ofNullable(applied > newest ? builder.build() : last);
  }

  private static Snapshot upTo(TableLog log, String table, long version) throws IOException {
    SnapshotBuilder builder = new SnapshotBuilder(table);
    for (long v = 0; v <= version; v++) {
      builder.apply(LogFormat.entryPath(table, v), log.read(v).orElseThrow());
    }
    return builder.build();
  }
}
