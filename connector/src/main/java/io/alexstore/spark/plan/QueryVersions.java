package io.alexstore.spark.plan;

import io.alexstore.io.FileStore;
import io.alexstore.log.Snapshot;
import io.alexstore.spark.table.SnapshotPin;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.spark.sql.catalyst.QueryPlanningTracker;
import scala.Option;

/**
 * Holds each query to one version of each table, however often the query names it: the version that
 * was the newest when the query was planned. A query is known by the tracker that Spark gives it.
 *
 * <p>Thread safety: safe for any number of threads.
 */
public final class QueryVersions implements SnapshotPin {

  /** All queries of this process. */
  public static final QueryVersions INSTANCE = new QueryVersions();

  private final Map<QueryPlanningTracker, Map<TableKey, Snapshot>> pinned = new WeakHashMap<>();

  private record TableKey(FileStore store, String path) {}

  private QueryVersions() {}

  @Override
  public Snapshot pin(FileStore store, String table, Loader newest) throws IOException {
    Option<QueryPlanningTracker> query = QueryPlanningTracker.get();
    if (query.isEmpty()) {
      return newest.load();
    }
    TableKey key = new TableKey(store, table);
    synchronized (pinned) {
      Snapshot known = pinned.computeIfAbsent(query.get(), q -> new HashMap<>()).get(key);
      if (known != null) {
        return known;
      }
    }
    Snapshot loaded = newest.load();
    synchronized (pinned) {
      Snapshot first =
          pinned.computeIfAbsent(query.get(), q -> new HashMap<>()).putIfAbsent(key, loaded);
      return first == null ? loaded : first;
    }
  }
}
