package io.alexstore.alex;

import io.alexstore.bytes.BlockBytes;

/**
 * The packed ALEX over the ranks of sorted keys, read from its bytes in place; the layout is {@code
 * docs/format/index.md}.
 *
 * <p>A lookup descends model nodes and split nodes to a data node, whose model predicts the key's
 * rank, and searches the keys near it within the error that the node stores.
 *
 * <p>Thread safety: safe for any number of threads. Lookups allocate nothing. Damaged bytes that
 * pass their checksum give an unchecked exception or a position between -1 and the number of keys,
 * in bounded time.
 */
public sealed interface PackedIndex permits PackedLongIndex, PackedByteIndex {

  /** The number of keys. */
  int count();

  /** What the index is made of. */
  PackedStats stats();

  /**
   * Opens an index over 64-bit keys; reads its first block only.
   *
   * @param path the file, for errors
   * @throws io.alexstore.error.CorruptFileException if the header does not fit the keys
   * @throws io.alexstore.error.UnsupportedFormatException if the index has a newer version
   */
  static PackedLongIndex open(
      String path, BlockBytes bytes, int offset, int length, LongKeys keys) {
    return new PackedLongIndex(
        PackedNodes.open(path, bytes, offset, length, PackedFormat.FORM_LONG, keys.count()), keys);
  }

  /**
   * Opens an index over byte strings; reads its first block only.
   *
   * @param path the file, for errors
   * @throws io.alexstore.error.CorruptFileException if the header does not fit the keys
   * @throws io.alexstore.error.UnsupportedFormatException if the index has a newer version
   */
  static PackedByteIndex open(
      String path, BlockBytes bytes, int offset, int length, ByteKeys keys) {
    return new PackedByteIndex(
        PackedNodes.open(path, bytes, offset, length, PackedFormat.FORM_BYTES, keys.count()), keys);
  }
}
