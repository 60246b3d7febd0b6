package io.alexstore.benchmarks;

import io.alexstore.bytes.BlockBytes;
import io.alexstore.segment.KeyColumnView;
import io.alexstore.segment.ReadOptions;
import io.alexstore.segment.Segment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** The same segments without their index: a binary search over the sorted keys, then the value. */
final class BinarySearchEngine implements Engine {

  private final Segment[] segments;
  private final KeyColumnView[] keys;

  private BinarySearchEngine(List<Segment> unordered) {
    this.segments =
        unordered.stream()
            .sorted(Comparator.comparingLong(s -> s.keyColumn(0).getLong(0)))
            .toArray(Segment[]::new);
    this.keys = new KeyColumnView[segments.length];
    for (int s = 0; s < segments.length; s++) {
      keys[s] = segments[s].keyColumn(0);
    }
  }

  static Engine open(Path directory) throws IOException {
    return new BinarySearchEngine(SegmentEngine.segments(directory, ReadOptions.DEFAULT));
  }

  @Override
  public boolean get(long key, byte[] target, int offset) {
    int s = segments.length - 1;
    while (s > 0 && key < keys[s].getLong(0)) {
      s--;
    }
    KeyColumnView sorted = keys[s];
    int low = 0;
    int length = segments[s].rowCount();
    while (length > 1) {
      int half = length >>> 1;
      low += sorted.getLong(low + half) <= key ? half : 0;
      length -= half;
    }
    if (sorted.getLong(low) != key) {
      return false;
    }
    long range = segments[s].bytesRange(1, low);
    BlockBytes bytes = segments[s].bytes();
    bytes.get((int) (range >>> 32), target, offset, (int) range);
    return true;
  }

  @Override
  public void close() {
    for (Segment segment : segments) {
      segment.close();
    }
  }
}
