package io.alexstore.spark.scan;

import io.alexstore.io.RefCountedCache.Lease;
import io.alexstore.key.EncodedRange;
import io.alexstore.key.KeyCodec;
import io.alexstore.key.KeyForm;
import io.alexstore.key.KeyRange;
import io.alexstore.schema.Schema;
import io.alexstore.segment.Segment;
import io.alexstore.segment.SegmentCache;
import io.alexstore.segment.SegmentInfo;
import io.alexstore.spark.conf.TableStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.connector.read.InputPartition;

/** Plans partitions that follow each other in the order of the key. */
final class KeyOrder {

  /** A partition may have so many times what it has where keys do not matter. */
  private static final int MAX_SKEW = 2;

  private final TableStorage storage;
  private final KeyCodec codec;
  private final int together;
  // Whether rows that are equal in these columns are one row.
  private final boolean unique;

  private KeyOrder(TableStorage storage, Schema schema, int together) {
    this.storage = storage;
    this.codec = KeyCodec.of(schema);
    this.together = together;
    this.unique = codec.isUnique() && together == codec.columnCount();
  }

  /** Whether each part's keys come after those of the part before it. */
  static boolean isSorted(List<SegmentPart> parts) {
    for (int i = 1; i < parts.size(); i++) {
      byte[] before = parts.get(i - 1).segment().maxKey();
      if (Arrays.compareUnsigned(before, parts.get(i).segment().minKey()) > 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Partitions in the order of the key; empty if there are none, or not without much more work for
   * some of them.
   *
   * @param parts sorted
   * @param together rows that are equal in so many of the key's first columns are in one partition
   */
  static Optional<InputPartition[]> plan(
      TableStorage storage, Schema schema, List<SegmentPart> parts, SplitSize size, int together) {
    return new KeyOrder(storage, schema, together).plan(parts, size);
  }

  private Optional<InputPartition[]> plan(List<SegmentPart> parts, SplitSize size) {
    long target = Splits.target(parts, size);
    List<List<SegmentPart>> groups = new ArrayList<>();
    long bytes = 0;
    for (SegmentPart part : parts) {
      for (SegmentPart piece : cut(part, target)) {
        boolean isFull = !groups.isEmpty() && bytes + piece.bytes() > target;
        if (groups.isEmpty() || (isFull && mayPart(last(groups), piece))) {
          groups.add(new ArrayList<>());
          bytes = 0;
        }
        groups.get(groups.size() - 1).add(piece);
        bytes += piece.bytes() + size.openCostBytes();
      }
    }
    boolean isSkewed =
        groups.stream()
            .anyMatch(
                group -> group.stream().mapToLong(SegmentPart::bytes).sum() > MAX_SKEW * target);
    return groups.isEmpty() || isSkewed
        ? Optional.empty()
        : Optional.of(
            groups.stream()
                .map(group -> Splits.partition(storage.table(), group))
                .toArray(InputPartition[]::new));
  }

  private static SegmentPart last(List<List<SegmentPart>> groups) {
    List<SegmentPart> group = groups.get(groups.size() - 1);
    return group.get(group.size() - 1);
  }

  /** Whether no row of one piece equals one of the next. */
  private boolean mayPart(SegmentPart piece, SegmentPart next) {
    if (unique || piece.segment().equals(next.segment())) {
      return true; // Pieces of one segment were cut so.
    }
    return !holds(prefix(piece.segment().maxKey()), next.segment().minKey());
  }

  private List<SegmentPart> cut(SegmentPart part, long target) {
    if (unique || part.bytes() <= target) {
      return Splits.cut(part, target, position -> position);
    }
    String path = part.segment().pathIn(storage.table());
    try (Lease<Segment> lease = SegmentCache.ofProcess().acquire(storage.store(), path)) {
      Segment segment = lease.value();
      return Splits.cut(
          part, target, position -> segment.to(prefix(segment.keyBytes(position - 1))));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read keys of " + path, e);
    }
  }

  /** The keys that are equal to one in the first columns. */
  private EncodedRange prefix(byte[] key) {
    List<Object> values =
        codec.form() == KeyForm.LONG ? codec.decode(SegmentInfo.longKey(key)) : codec.decode(key);
    List<Object> first = values.subList(0, together);
    return codec.ranges(new KeyRange(first, true, first, true)).list().get(0);
  }

  private static boolean holds(EncodedRange range, byte[] key) {
    if (range instanceof EncodedRange.OfLongs longs) {
      long value = SegmentInfo.longKey(key);
      return longs.lower() <= value && value <= longs.upper();
    }
    EncodedRange.OfBytes bytes = (EncodedRange.OfBytes) range;
    return Arrays.compareUnsigned(bytes.lower(), key) <= 0
        && (bytes.upper() == null || Arrays.compareUnsigned(key, bytes.upper()) < 0);
  }
}
