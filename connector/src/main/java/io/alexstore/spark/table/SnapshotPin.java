package io.alexstore.spark.table;

import io.alexstore.io.FileStore;
import io.alexstore.log.Snapshot;
import java.io.IOException;

/** Decides which version a query reads, so that all of the query reads one. */
@FunctionalInterface
public interface SnapshotPin {

  /** Loads a table's newest version. */
  @FunctionalInterface
  interface Loader {
    /** Loads it. */
    Snapshot load() throws IOException;
  }

  /**
   * The version of a table that the query being planned by this thread reads.
   *
   * @param store the store that the table lies in
   * @param table the table's directory
   * @param newest loads the newest version, where the query has none yet
   */
  Snapshot pin(FileStore store, String table, Loader newest) throws IOException;
}
