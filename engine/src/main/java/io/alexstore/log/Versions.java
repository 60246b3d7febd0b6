package io.alexstore.log;

import io.alexstore.error.TableNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.function.Consumer;

/** Goes over the versions of a log by their times and one by one. Thread-safe; it has no state. */
final class Versions {

  private final LogReader reader;

  Versions(LogReader reader) {
    this.reader = reader;
  }

  /** See {@link TableLog#versionAt}. */
  long at(Snapshot newest, Instant time, long nowMs) throws IOException {
    // Milliseconds of before 1970, too, are rounded down; what no long holds is no commit's time.
    long timestampMs = clamped(time);
    if (timestampMs > Math.max(nowMs, newest.timestampMs())) {
      throw TableNotFoundException.inFuture(newest.table(), time, instant(newest.timestampMs()));
    }
    if (timestampMs >= newest.timestampMs()) {
      return newest.version();
    }
    long low = newest.expiredBefore();
    if (timestampMs < timestampMs(low, newest)) {
      throw none(newest, time, timestampMs);
    }
    // The version low was made by then, and high was not: times strictly increase.
    long high = newest.version();
    while (high - low > 1) {
      long middle = low + (high - low) / 2;
      if (timestampMs(middle, newest) <= timestampMs) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static long clamped(Instant time) {
    try {
      return time.toEpochMilli();
    } catch (ArithmeticException e) {
      return time.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }

  private TableNotFoundException none(Snapshot newest, Instant time, long timestampMs)
      throws IOException {
    long oldest = newest.expiredBefore();
    long first = timestampMs(0, newest);
    return timestampMs < first
        ? TableNotFoundException.beforeFirst(newest.table(), time, instant(first))
        : TableNotFoundException.expiredAt(
            newest.table(), time, oldest, instant(timestampMs(oldest, newest)), newest.version());
  }

  private static Instant instant(long timestampMs) {
    return Instant.ofEpochMilli(timestampMs);
  }

  private long timestampMs(long version, Snapshot newest) throws IOException {
    return version == newest.version()
        ? newest.timestampMs()
        : reader.read(version, version, newest.version()).get(0).entry().timestampMs();
  }

  /** See {@link TableLog#forEachVersion}. */
  void forEach(long from, Snapshot upTo, Consumer<Snapshot> consumer) throws IOException {
    Snapshot current = from == upTo.version() ? upTo : reader.load(from);
    consumer.accept(current);
    for (long v = from + 1; v <= upTo.version(); v += LogReader.BATCH) {
      long to = Math.min(v + LogReader.BATCH - 1, upTo.version());
      for (LogReader.EntryFile entry : reader.read(v, to, upTo.version())) {
        SnapshotBuilder builder = new SnapshotBuilder(current);
        entry.applyTo(builder);
        current = builder.build();
        consumer.accept(current);
      }
    }
  }
}
