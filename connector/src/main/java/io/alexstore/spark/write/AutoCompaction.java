package io.alexstore.spark.write;

import io.alexstore.log.Snapshot;
import io.alexstore.maintain.Compaction;
import io.alexstore.spark.conf.AlexStoreOptions;
import io.alexstore.spark.conf.TableProperties;
import io.alexstore.spark.conf.TableStorage;
import java.io.IOException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The small compaction that follows a commit where the table says {@code autoCompact}: of so many
 * small segments that it pays, and of so few bytes that it takes about a second. It is a commit of
 * its own, by the process that made the commit before, after which it cannot fail any more.
 */
public final class AutoCompaction {

  /** Fewer small segments side by side are left alone. */
  static final int MIN_SEGMENTS = 8;

  /** About so many bytes are written at most. */
  static final long MAX_BYTES = 64L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(AutoCompaction.class);

  private AutoCompaction() {}

  /**
   * Compacts a table a little, if it is to be. Whatever goes wrong is logged.
   *
   * @param committed the version that a commit has just made
   */
  public static void after(TableStorage storage, Snapshot committed) {
    try {
      if (TableProperties.autoCompact(committed.properties())) {
        compact(storage, committed);
      }
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      LOG.warn(
          "{} was written, but not compacted after that; CALL system.compact does it",
          committed,
          e);
    }
  }

  private static void compact(TableStorage storage, Snapshot committed) throws IOException {
    long targetSegmentSize =
        new AlexStoreOptions(Map.of()).targetSegmentSize(committed.properties());
    Compaction.of(storage.store(), storage.table())
        .from(committed)
        .targetSegmentSize(targetSegmentSize)
        .bounded(MIN_SEGMENTS, MAX_BYTES)
        .maxAttempts(1)
        .run();
  }
}
