package io.alexstore.benchmarks;

import io.alexstore.io.FileStores;
import io.alexstore.schema.Column;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.TableKey;
import io.alexstore.segment.ReadOptions;
import io.alexstore.segment.RollingSegmentWriter;
import io.alexstore.segment.Segment;
import io.alexstore.segment.SegmentInfo;
import io.alexstore.segment.SegmentOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * alexstore's segments, read through their packed ALEX: {@code key BIGINT, value BINARY}. Segments
 * are as large as the format lets them be, so that some 14 million keys stand in one.
 */
final class SegmentEngine implements Engine {

  private static final long SEGMENT_BYTES = 1500L << 20;
  private static final int VALUE_COLUMN = 1;

  private final Segment[] segments;
  private final long[] firstKeys;
  private final long[] group = new long[64];
  private final int[] slots = new int[64];
  private final int[] positions = new int[64];
  private final long[] ranges = new long[64];

  SegmentEngine(List<Segment> unordered) {
    this.segments =
        unordered.stream()
            .sorted(Comparator.comparingLong(s -> s.keyColumn(0).getLong(0)))
            .toArray(Segment[]::new);
    this.firstKeys = Arrays.stream(segments).mapToLong(s -> s.keyColumn(0).getLong(0)).toArray();
  }

  static Schema schema() {
    return new Schema(
        0,
        List.of(
            new Column(1, "key", ScalarType.LONG, false),
            new Column(2, "value", ScalarType.BINARY, false)),
        new TableKey(TableKey.Kind.PRIMARY, List.of(1)),
        2);
  }

  static void load(Path directory, long[] keys) throws IOException {
    SegmentOptions options = SegmentOptions.defaults().withTargetSegmentSize(SEGMENT_BYTES);
    String table = directory.toString();
    try (RollingSegmentWriter writer =
        new RollingSegmentWriter(
            FileStores.forPath(table), table, UUID.randomUUID(), schema(), options)) {
      KeyValueRow row = new KeyValueRow();
      for (long key : keys) {
        row.set(key);
        writer.append(row);
      }
      List<SegmentInfo> written = writer.finish();
      if (written.stream().mapToLong(SegmentInfo::rowCount).sum() != keys.length) {
        throw new IllegalStateException("rows were lost");
      }
    }
  }

  static Engine open(Path directory) throws IOException {
    return new SegmentEngine(segments(directory, ReadOptions.DEFAULT));
  }

  static Engine openUnchecked(Path directory) throws IOException {
    return new SegmentEngine(segments(directory, new ReadOptions(false)));
  }

  static List<Segment> segments(Path directory, ReadOptions options) throws IOException {
    List<Segment> segments = new ArrayList<>();
    try (var files = Files.walk(directory)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".alexseg")).toList()) {
        segments.add(Segment.open(FileStores.forPath(file.toString()), file.toString(), options));
      }
    }
    return segments;
  }

  private int segmentOf(long key) {
    int s = firstKeys.length - 1;
    while (s > 0 && key < firstKeys[s]) {
      s--;
    }
    return s;
  }

  @Override
  public boolean get(long key, byte[] target, int offset) {
    Segment segment = segments[segmentOf(key)];
    int position = segment.find(key);
    if (position < 0) {
      return false;
    }
    long range = segment.bytesRange(VALUE_COLUMN, position);
    segment.bytes().get((int) (range >>> 32), target, offset, (int) range);
    return true;
  }

  @Override
  public void getAll(long[] keys, int from, int count, byte[] target) {
    if (segments.length > 1) {
      getAllRouted(keys, from, count, target);
      return;
    }
    segments[0].findAll(keys, from, count, positions);
    readFound(segments[0], count, target, null);
  }

  /** Several segments: the keys of each are looked up together. */
  private void getAllRouted(long[] keys, int from, int count, byte[] target) {
    for (int s = 0; s < segments.length; s++) {
      int n = 0;
      for (int i = 0; i < count; i++) {
        if (segmentOf(keys[from + i]) == s) {
          group[n] = keys[from + i];
          slots[n++] = i;
        }
      }
      if (n > 0) {
        segments[s].findAll(group, 0, n, positions);
        readFound(segments[s], n, target, slots);
      }
    }
  }

  private void readFound(Segment segment, int count, byte[] target, int[] places) {
    segment.bytesRanges(VALUE_COLUMN, positions, count, ranges);
    for (int i = 0; i < count; i++) {
      int place = places == null ? i : places[i];
      segment
          .bytes()
          .get((int) (ranges[i] >>> 32), target, place * Data.VALUE_SIZE, (int) ranges[i]);
    }
  }

  @Override
  public void close() {
    for (Segment segment : segments) {
      segment.close();
    }
  }
}
