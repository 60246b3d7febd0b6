package io.alexstore.store;

import io.alexstore.key.KeyForm;
import io.alexstore.segment.Segment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Filters of the keys of segments, so that a lookup passes by those that do not have its key. They
 * are in memory only, and made from the segments' keys. Where their sum would be too large, those
 * of large levels are left out: most lookups end there anyway. Immutable.
 */
final class SegmentFilters {

  private final long maxBytes;
  private final Map<UUID, KeyFilter> byId;

  private SegmentFilters(long maxBytes, Map<UUID, KeyFilter> byId) {
    this.maxBytes = maxBytes;
    this.byId = byId;
  }

  /**
   * No filters yet.
   *
   * @param maxBytes how much heap they may take together
   */
  static SegmentFilters none(long maxBytes) {
    return new SegmentFilters(maxBytes, Map.of());
  }

  /** The filter of a segment; null if there is none. */
  KeyFilter of(Segment segment) {
    return byId.get(segment.segmentId());
  }

  /**
   * The filters of some segments; makes those that are not here. O(keys of these).
   *
   * @param segments those that are to have filters, the most important first
   */
  SegmentFilters forSegments(List<Segment> segments) {
    Map<UUID, KeyFilter> filters = new HashMap<>();
    long left = maxBytes;
    for (Segment segment : segments) {
      long bytes = KeyFilter.bytesFor(segment.rowCount());
      if (bytes > left) {
        break;
      }
      left -= bytes;
      KeyFilter known = of(segment);
      filters.put(segment.segmentId(), known != null ? known : make(segment));
    }
    return new SegmentFilters(maxBytes, filters);
  }

  private static KeyFilter make(Segment segment) {
    KeyFilter filter = KeyFilter.forKeys(segment.rowCount());
    boolean isLong = segment.keyForm() == KeyForm.LONG;
    for (int i = 0; i < segment.rowCount(); i++) {
      filter.add(isLong ? KeyFilter.hash(segment.longKey(i)) : KeyFilter.hash(segment.keyBytes(i)));
    }
    return filter;
  }

  /** Whether {@link #forSegments} has any to make. */
  boolean lacksAny(List<Segment> segments) {
    long left = maxBytes;
    for (Segment segment : segments) {
      left -= KeyFilter.bytesFor(segment.rowCount());
      if (left >= 0 && of(segment) == null) {
        return true;
      }
    }
    return false;
  }

  /** The heap that they take, in bytes. */
  long memoryBytes() {
    return byId.values().stream().mapToLong(KeyFilter::memoryBytes).sum();
  }
}
