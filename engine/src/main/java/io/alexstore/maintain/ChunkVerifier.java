package io.alexstore.maintain;

import io.alexstore.segment.chunk.ChunkEntry;
import io.alexstore.segment.chunk.ChunkView;
import java.util.Arrays;

/** Reads the values of a chunk and of those below it, and compares them with their statistics. */
final class ChunkVerifier {

  private final String path;
  private final int group;
  private final Findings findings;

  ChunkVerifier(String path, int group, Findings findings) {
    this.path = path;
    this.group = group;
    this.findings = findings;
  }

  void verify(ChunkView chunk) {
    ChunkEntry entry = chunk.entry();
    boolean hasBounds = entry.hasMin() || entry.hasMax();
    byte[] min = entry.hasMin() ? entry.minBytes() : null;
    byte[] max = entry.hasMax() ? entry.maxBytes() : null;
    int nulls = 0;
    for (int i = 0; i < chunk.count(); i++) {
      if (chunk.isNull(i)) {
        nulls++;
      } else if (!isWithin(chunk, i, min, max)) {
        add(chunk, "statistics", "value " + i + " is not within minimum and maximum");
      }
    }
    if (nulls != entry.nullCount()) {
      add(chunk, "statistics", "it has " + nulls + " nulls, and says " + entry.nullCount());
    }
    if (nulls > 0 && chunk.node().parent() < 0 && !chunk.node().nullable()) {
      add(chunk, "values", "it has " + nulls + " nulls, and is NOT NULL");
    }
    if (hasBounds && nulls == chunk.count()) {
      add(chunk, "statistics", "it has bounds, and no value");
    }
    for (int i = 0; i < chunk.childCount(); i++) {
      verify(chunk.child(i));
    }
  }

  private void add(ChunkView chunk, String check, String what) {
    findings.add(
        path, check, "column '" + chunk.node().name() + "', row group " + group + ": " + what);
  }

  /** Reads a value; whether it is within the bounds that there are. */
  private static boolean isWithin(ChunkView chunk, int i, byte[] min, byte[] max) {
    ChunkEntry entry = chunk.entry();
    switch (chunk.node().physical()) {
      case BOOLEAN, INT8, INT16, INT32, INT64 -> {
        long value = chunk.getLong(i);
        return (min == null || value >= entry.minLong())
            && (max == null || value <= entry.maxLong());
      }
      case FLOAT32 -> {
        return isWithin(entry, chunk.getFloat(i));
      }
      case FLOAT64 -> {
        return isWithin(entry, chunk.getDouble(i));
      }
      case INT128 -> {
        var value = chunk.getBigInteger(i);
        return (min == null || value.compareTo(entry.minBigInteger()) >= 0)
            && (max == null || value.compareTo(entry.maxBigInteger()) <= 0);
      }
      case BYTES -> {
        byte[] value = chunk.getBytes(i);
        // A truncated maximum bounds what starts with it, too.
        int length = entry.isMaxTruncated() ? Math.min(value.length, max.length) : value.length;
        return (min == null || Arrays.compareUnsigned(value, min) >= 0)
            && (max == null || Arrays.compareUnsigned(value, 0, length, max, 0, max.length) <= 0);
      }
      case LIST, MAP -> {
        int start = chunk.elementStart(i);
        int end = chunk.elementEnd(i);
        if (start < 0 || start > end || end > chunk.child(0).count()) {
          throw new IllegalArgumentException(
              "the elements of value " + i + " would be " + start + " to " + end);
        }
        return true;
      }
      case STRUCT -> {
        return true;
      }
    }
    throw new AssertionError(chunk.node().physical());
  }

  private static boolean isWithin(ChunkEntry entry, double value) {
    if (Double.isNaN(value)) {
      return entry.hasNaN();
    }
    return (!entry.hasMin() || value >= entry.minDouble())
        && (!entry.hasMax() || value <= entry.maxDouble());
  }
}
