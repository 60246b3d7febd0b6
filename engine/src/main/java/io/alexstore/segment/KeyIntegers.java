package io.alexstore.segment;

import io.alexstore.bytes.BlockBytes;
import io.alexstore.key.KeyBytes;
import io.alexstore.key.KeyCodec;
import io.alexstore.schema.ColumnType;
import io.alexstore.schema.ScalarType;

/**
 * An integer column at a fixed place of the keys, read without fetching whole keys. Thread-safe;
 * allocates nothing.
 */
abstract class KeyIntegers {

  /** The column's integers, or null if they can only be read key by key. */
  static KeyIntegers of(SegmentKeys keys, KeyCodec codec, int keyColumn, BlockBytes body) {
    if (keys instanceof IntKeys ints) {
      return new Whole(ints);
    }
    ColumnType type = codec.columns().get(keyColumn).type();
    int offset = codec.fixedOffset(keyColumn);
    if (offset < 0 || !type.physical().isIntegral() || type == ScalarType.BOOLEAN) {
      return null;
    }
    if (keys instanceof GatheredKeys gathered) {
      return new GatheredIntegers(gathered, offset);
    }
    return new InPlace((StringKeys) keys, body, offset);
  }

  abstract long get(int position);

  abstract void get(int position, int count, long[] target, int at);

  private static final class Whole extends KeyIntegers {
    private final IntKeys keys;

    Whole(IntKeys keys) {
      this.keys = keys;
    }

    @Override
    long get(int position) {
      return keys.longKey(position);
    }

    @Override
    void get(int position, int count, long[] target, int at) {
      keys.longKeys(position, count, target, at);
    }
  }

  private static final class InPlace extends KeyIntegers {
    private final StringKeys keys;
    private final BlockBytes body;
    private final int offset;

    InPlace(StringKeys keys, BlockBytes body, int offset) {
      this.keys = keys;
      this.body = body;
      this.offset = offset;
    }

    @Override
    long get(int position) {
      int at = (int) (keys.range(position) >>> 32) + offset;
      body.touch(at, Long.BYTES);
      return KeyBytes.getLong(body, at);
    }

    @Override
    void get(int position, int count, long[] target, int at) {
      for (int i = 0; i < count; i++) {
        target[at + i] = get(position + i);
      }
    }
  }
}
