package io.alexstore.alex;

/**
 * The models' view of sorted keys: a number from 0 to 2^63 - 1 for each, which never falls from one
 * key of a node to the next.
 */
abstract sealed class FeatureSource {

  abstract int count();

  /** Prepares for the keys of a node; features are then of these until the next call. */
  abstract void enter(int from, int to);

  abstract long feature(int position);

  /** The bytes that all keys of the entered node have in common at their start. */
  int skip() {
    return 0;
  }

  /** The distance from the base; of distances of 2^63 and more, half. */
  static final class OfLongs extends FeatureSource {
    private final LongKeys keys;
    private final int shift;

    OfLongs(LongKeys keys, int shift) {
      this.keys = keys;
      this.shift = shift;
    }

    @Override
    int count() {
      return keys.count();
    }

    @Override
    void enter(int from, int to) {
      keys.touch(from, to - from);
    }

    @Override
    long feature(int position) {
      return keys.entry(position) >>> shift;
    }
  }

  /** The 8 bytes after the prefix that the node's keys have in common. */
  static final class OfBytes extends FeatureSource {
    private final ByteKeys keys;
    private int skip;

    OfBytes(ByteKeys keys) {
      this.keys = keys;
    }

    @Override
    int count() {
      return keys.count();
    }

    @Override
    void enter(int from, int to) {
      skip = keys.commonPrefix(from, to - 1);
    }

    @Override
    long feature(int position) {
      return keys.feature(position, skip);
    }

    @Override
    int skip() {
      return skip;
    }
  }
}
