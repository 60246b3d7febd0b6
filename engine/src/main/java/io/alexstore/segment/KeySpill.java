package io.alexstore.segment;

import io.alexstore.alex.ByteKeys;
import io.alexstore.alex.LongKeys;
import io.alexstore.alex.PackedIndexBuilder;
import io.alexstore.bytes.BlockBytes;
import io.alexstore.error.DuplicateKeyException;
import io.alexstore.io.FileStore;
import io.alexstore.key.KeyBuffer;
import io.alexstore.key.KeyCodec;
import io.alexstore.key.KeyForm;
import io.alexstore.schema.Values;
import java.io.IOException;
import java.util.Arrays;

/**
 * Collects a segment's keys, checks their order, and turns them into the key region and its index
 * once all are known; only then its kind is. Not thread-safe.
 */
final class KeySpill implements AutoCloseable {
  private static final int COPY_SIZE = 1 << 16;

  private final KeyCodec codec;
  private final boolean isLong;
  private final FileStore store;
  private final String directory;
  private final SpillBuffer keys;

  /** Where each key ends in {@link #keys}; for byte strings only. */
  private final SpillBuffer ends;

  private SpillBuffer region;
  private int count;

  private boolean hasLast;
  private long firstLong;
  private long lastLong;
  private byte[] firstBytes;
  private KeyBuffer last = new KeyBuffer();
  private KeyBuffer current = new KeyBuffer();

  /** The length of all keys so far, or -1 if they differ. */
  private int length = -1;

  /** Bit j says that byte j varies, of keys of one length of at most 64. */
  private long varying;

  KeySpill(KeyCodec codec, FileStore store, String directory) {
    this.codec = codec;
    this.isLong = codec.form() == KeyForm.LONG;
    this.store = store;
    this.directory = directory;
    this.keys = new SpillBuffer(store, directory);
    this.ends = new SpillBuffer(store, directory);
  }

  /** Makes the next key one that must follow the last of another segment. */
  void follow(KeySpill before) {
    if (before.hasLast) {
      hasLast = true;
      lastLong = before.lastLong;
      last.clear();
      last.put(before.last.array(), 0, before.last.length());
    }
  }

  int count() {
    return count;
  }

  /** The bytes of heap in use. */
  long heapBytes() {
    return 0L + keys.heapBytes() + ends.heapBytes() + (region == null ? 0 : region.heapBytes());
  }

  /** The bytes that are in temporary files or on the heap. */
  long spilledBytes() {
    return keys.size() + ends.size();
  }

  /** The bytes that the key region would have now. */
  long regionBytes() {
    if (count == 0) {
      return 0;
    } else if (isLong) {
      return (long) count * KeyRegionSpec.widthOf(lastLong - firstLong);
    } else if (isGathered()) {
      return (long) count * Long.bitCount(varying);
    }
    return length >= 0 ? keys.size() : keys.size() + ends.size();
  }

  private boolean isGathered() {
    int positions = Long.bitCount(varying);
    return length >= 0
        && length <= SegmentFormat.MAX_GATHERED_LENGTH
        && positions >= 1
        && positions <= 8;
  }

  /**
   * Appends a row's key.
   *
   * @return the key's bytes
   */
  int append(Values row) throws IOException {
    return isLong ? appendLong(row) : appendBytes(row);
  }

  private int appendLong(Values row) throws IOException {
    long key = codec.encodeLong(row);
    if (hasLast) {
      if (key < lastLong) {
        throw descending(codec.format(lastLong), codec.format(key));
      } else if (key == lastLong && codec.isUnique()) {
        throw duplicate(codec.format(key));
      }
    }
    if (count == 0) {
      firstLong = key;
    }
    keys.putLong(key - firstLong);
    lastLong = key;
    hasLast = true;
    count++;
    return Long.BYTES;
  }

  private int appendBytes(Values row) throws IOException {
    current.clear();
    codec.encode(row, current);
    byte[] key = current.array();
    int size = current.length();
    int common = 0;
    if (hasLast) {
      common = Arrays.mismatch(key, 0, size, last.array(), 0, last.length());
      if (common < 0 && codec.isUnique()) {
        throw duplicate(codec.format(key, 0, size));
      }
      if (common >= 0 && isBelowLast(common)) {
        throw descending(codec.format(last.array(), 0, last.length()), codec.format(key, 0, size));
      }
    }
    if (count == 0) {
      firstBytes = Arrays.copyOf(key, size);
      length = size;
    } else if (length != size) {
      length = -1;
    } else if (common >= 0 && size <= SegmentFormat.MAX_GATHERED_LENGTH) {
      for (int j = common; j < size; j++) {
        if (key[j] != last.array()[j]) {
          varying |= 1L << j;
        }
      }
    }
    keys.put(key, 0, size);
    ends.putInt((int) keys.size());
    KeyBuffer swap = last;
    last = current;
    current = swap;
    hasLast = true;
    count++;
    return size;
  }

  private boolean isBelowLast(int mismatch) {
    if (mismatch == current.length() || mismatch == last.length()) {
      return current.length() < last.length();
    }
    return (current.array()[mismatch] & 0xff) < (last.array()[mismatch] & 0xff);
  }

  private static DuplicateKeyException duplicate(String key) {
    return new DuplicateKeyException(
        key,
        "stands twice in the rows that are written; nothing was written. Remove the duplicates, or"
            + " use sortKey, which allows them, instead of primaryKey.");
  }

  private static IllegalStateException descending(String last, String key) {
    return new IllegalStateException(
        "Rows are not in the order of their keys: "
            + key
            + " follows "
            + last
            + ". Sort them by the key, strings and binary by their unsigned bytes.");
  }

  /** The last key, of the 64-bit form. */
  long lastLong() {
    return lastLong;
  }

  /** Adds the bytes of the last key, of the other form, to a buffer. */
  void putLast(KeyBuffer out) {
    out.put(last.array(), 0, last.length());
  }

  /** The first key as bytes in the order of the keys. */
  byte[] firstKey() {
    return isLong ? SegmentInfo.longKeyBytes(firstLong) : firstBytes.clone();
  }

  /** The last key as bytes in the order of the keys. */
  byte[] lastKey() {
    return isLong ? SegmentInfo.longKeyBytes(lastLong) : last.toByteArray();
  }

  /**
   * The finished keys.
   *
   * @param spec how they stand in the region
   * @param bytes the region, good until {@link #close}
   * @param index the packed index over it
   */
  record Finished(KeyRegionSpec spec, BlockBytes bytes, byte[] index) {}

  /** Ends the collection; there must be a key. */
  Finished finish() throws IOException {
    if (isLong) {
      return finishInts(
          KeyRegionSpec.ofInt(KeyRegionSpec.widthOf(lastLong - firstLong), firstLong));
    } else if (isGathered()) {
      return finishGathered();
    } else if (length >= 0) {
      keys.putLong(0);
      BlockBytes bytes = keys.finish();
      ByteKeys view = ByteKeys.fixed(bytes, 0, length, count);
      return new Finished(KeyRegionSpec.fixed(length), bytes, PackedIndexBuilder.build(view));
    }
    return finishVariable();
  }

  private Finished finishInts(KeyRegionSpec spec) throws IOException {
    BlockBytes bytes;
    if (spec.width() == Long.BYTES) {
      keys.putLong(0);
      bytes = keys.finish();
    } else {
      BlockBytes source = keys.finish();
      region = new SpillBuffer(store, directory);
      for (int i = 0; i < count; i++) {
        region.putWord(source.getLong(i * Long.BYTES), spec.width());
      }
      region.putLong(0);
      bytes = region.finish();
    }
    return finishWords(spec, bytes);
  }

  private Finished finishGathered() throws IOException {
    byte[] template = firstBytes.clone();
    for (int j = 0; j < template.length; j++) {
      if ((varying >>> j & 1) != 0) {
        template[j] = 0;
      }
    }
    Gather gather = new Gather(varying, template);
    long base = gather.gather(firstBytes, 0);
    int width = KeyRegionSpec.widthOf(gather.gather(last.array(), 0) - base);
    BlockBytes source = keys.finish();
    region = new SpillBuffer(store, directory);
    byte[] key = new byte[length];
    for (int i = 0; i < count; i++) {
      source.get(i * length, key, 0, length);
      region.putWord(gather.gather(key, 0) - base, width);
    }
    region.putLong(0);
    return finishWords(KeyRegionSpec.gathered(width, base, varying, template), region.finish());
  }

  private Finished finishWords(KeyRegionSpec spec, BlockBytes bytes) {
    LongKeys view = new LongKeys(bytes, 0, spec.width(), spec.base(), count);
    return new Finished(spec, bytes, PackedIndexBuilder.build(view));
  }

  private Finished finishVariable() throws IOException {
    region = new SpillBuffer(store, directory);
    region.putInt(0);
    copy(ends.finish());
    if ((region.size() & 7) != 0) {
      region.putInt(0);
    }
    int data = (int) region.size();
    copy(keys.finish());
    region.putLong(0);
    BlockBytes bytes = region.finish();
    ByteKeys view = ByteKeys.variable(bytes, 0, data, count);
    return new Finished(KeyRegionSpec.variable(), bytes, PackedIndexBuilder.build(view));
  }

  private void copy(BlockBytes source) throws IOException {
    byte[] buffer = new byte[COPY_SIZE];
    for (int at = 0; at < source.size(); ) {
      int step = Math.min(COPY_SIZE, source.size() - at);
      source.get(at, buffer, 0, step);
      region.put(buffer, 0, step);
      at += step;
    }
  }

  @Override
  public void close() {
    keys.close();
    ends.close();
    if (region != null) {
      region.close();
    }
  }
}
