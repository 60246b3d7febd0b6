package io.alexstore.spark.table;

import io.alexstore.io.FileStore;
import io.alexstore.log.Snapshot;
import io.alexstore.table.AlexTable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The last version that this process has seen of each table, so that opening a table again does not
 * read its whole log. Only where the reading begins: what is opened is always the newest version.
 *
 * <p>Thread safety: safe for any number of threads.
 */
final class KnownTables {

  /** A version takes memory by its number of segments: at most some megabytes for a huge table. */
  private static final int MAX_TABLES = 64;

  /** The same path may be another table to who reaches it in another way. */
  private record Key(FileStore store, String path) {}

  private static final Map<Key, Snapshot> KNOWN =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Snapshot> eldest) {
          return size() > MAX_TABLES;
        }
      };

  private KnownTables() {}

  /**
   * Opens the newest version of a table.
   *
   * @throws io.alexstore.error.TableNotFoundException if there is none
   */
  static AlexTable open(FileStore store, String path) throws IOException {
    Key key = new Key(store, path);
    Snapshot known;
    synchronized (KNOWN) {
      known = KNOWN.get(key);
    }
    AlexTable table = known == null ? AlexTable.open(store, path) : AlexTable.open(store, known);
    synchronized (KNOWN) {
      KNOWN.put(key, table.snapshot());
    }
    return table;
  }
}
