package io.alexstore.segment;

import io.alexstore.alex.ByteKeys;
import io.alexstore.alex.LongKeys;
import io.alexstore.alex.PackedIndex;
import io.alexstore.bytes.BlockBytes;
import io.alexstore.key.KeyForm;

/**
 * The sorted keys of an open segment and the index over them.
 *
 * <p>Thread safety: safe for any number of threads. Lookups allocate nothing.
 */
abstract sealed class SegmentKeys permits IntKeys, GatheredKeys, StringKeys {

  /**
   * The keys of a segment.
   *
   * @param path the file, for errors
   * @param bytes its body
   * @param keys where the key region stands, of a length that fits {@code spec}
   * @param index where the index stands
   */
  static SegmentKeys open(
      String path,
      BlockBytes bytes,
      KeyRegionSpec spec,
      SegmentMetadata.Section keys,
      SegmentMetadata.Section index,
      int count) {
    int at = keys.offset();
    return switch (spec.kind()) {
      case INT -> {
        LongKeys view = new LongKeys(bytes, at, spec.width(), spec.base(), count);
        yield new IntKeys(
            view, PackedIndex.open(path, bytes, index.offset(), index.length(), view));
      }
      case GATHERED -> {
        LongKeys view = new LongKeys(bytes, at, spec.width(), spec.base(), count);
        yield new GatheredKeys(
            view,
            PackedIndex.open(path, bytes, index.offset(), index.length(), view),
            new Gather(spec.positions(), spec.template()));
      }
      case FIXED -> {
        ByteKeys view = ByteKeys.fixed(bytes, at, spec.length(), count);
        var packed = PackedIndex.open(path, bytes, index.offset(), index.length(), view);
        yield new StringKeys(bytes, -1, at, spec.length(), view, packed);
      }
      case VARIABLE -> {
        int data = (int) SegmentFormat.align(at + 4L * (count + 1L));
        ByteKeys view = ByteKeys.variable(bytes, at, data, count);
        var packed = PackedIndex.open(path, bytes, index.offset(), index.length(), view);
        yield new StringKeys(bytes, at, data, 0, view, packed);
      }
    };
  }

  abstract KeyForm form();

  int find(long key) {
    throw wrongForm();
  }

  int find(byte[] key, int offset, int length) {
    throw wrongForm();
  }

  int lowerBound(long key) {
    throw wrongForm();
  }

  int upperBound(long key) {
    throw wrongForm();
  }

  int lowerBound(byte[] key, int offset, int length) {
    throw wrongForm();
  }

  int upperBound(byte[] key, int offset, int length) {
    throw wrongForm();
  }

  void findAll(long[] keys, int from, int count, int[] positions) {
    throw wrongForm();
  }

  void findAll(byte[] keys, int[] offsets, int count, int[] positions) {
    throw wrongForm();
  }

  /** The 64-bit key at a position. */
  long longKey(int position) {
    throw wrongForm();
  }

  /** The length in bytes of the key at a position. */
  int keyLength(int position) {
    throw wrongForm();
  }

  /** Copies the bytes of the key at a position. */
  void keyBytes(int position, byte[] target, int offset) {
    throw wrongForm();
  }

  private IllegalStateException wrongForm() {
    return new IllegalStateException(
        "The keys of this segment are of the form " + form() + "; use the methods for it");
  }
}
