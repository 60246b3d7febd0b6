package io.alexstore.log;

import io.alexstore.error.AlexStoreException;
import io.alexstore.error.CorruptFileException;
import io.alexstore.error.TableNotFoundException;
import io.alexstore.error.UnsupportedFormatException;
import io.alexstore.io.FileStore;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
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
    LogReader reader = new LogReader(store, table);
    LogReader.Listing listing = reader.list();
    long newest = listing.newest();
    Set<Long> checkpoints = Set.copyOf(listing.checkpoints());
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
          builder.apply(path, entry, 0);
          applied++;
          if (checkpoints.contains(version)) {
            Snapshot folded = builder.build();
            checkCheckpoint(reader, folded, found);
            builder = new SnapshotBuilder(folded); // So that the next is built on top of it.
          }
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

  /** A checkpoint must say what the entries say. One of a newer release is passed over. */
  private static void checkCheckpoint(
      LogReader reader, Snapshot folded, Consumer<AlexStoreException> found) throws IOException {
    String path = CheckpointFormat.path(folded.table(), folded.version());
    try {
      byte[] said = CheckpointWriter.format(reader.readCheckpoint(folded.version()));
      if (!Arrays.equals(said, CheckpointWriter.format(folded))) {
        throw new CorruptFileException(
            path, -1, "it says something else than the entries up to version " + folded.version());
      }
    } catch (NoSuchFileException | UnsupportedFormatException e) {
      // Deleted since the log was listed, or not for this release.
    } catch (CorruptFileException e) {
      found.accept(e);
    }
  }

  private static Snapshot upTo(TableLog log, String table, long version) throws IOException {
    SnapshotBuilder builder = new SnapshotBuilder(table);
    for (long v = 0; v <= version; v++) {
      builder.apply(LogFormat.entryPath(table, v), log.read(v).orElseThrow(), 0);
    }
    return builder.build();
  }
}
