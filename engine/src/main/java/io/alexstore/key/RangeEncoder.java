package io.alexstore.key;

import io.alexstore.key.EncodedRange.OfBytes;
import io.alexstore.key.EncodedRange.OfLongs;
import java.util.List;

/** Turns ranges of values into ranges of encoded keys, and these into text. */
final class RangeEncoder {
  private RangeEncoder() {}

  /** The range for a codec of the form LONG; null if no key is in it. */
  static EncodedRange toLong(KeyCodec codec, KeyRange range) {
    checkCount(codec, range.lower());
    checkCount(codec, range.upper());
    long lower = Long.MIN_VALUE;
    long upper = Long.MAX_VALUE;
    if (!range.lower().isEmpty()) {
      lower = codec.encodeLong(range.lower().get(0));
    }
    if (!range.upper().isEmpty()) {
      upper = codec.encodeLong(range.upper().get(0));
    }
    if (!range.lower().isEmpty() && !range.lowerInclusive() && lower++ == Long.MAX_VALUE) {
      return null;
    }
    if (!range.upper().isEmpty() && !range.upperInclusive() && upper-- == Long.MIN_VALUE) {
      return null;
    }
    return lower > upper ? null : new OfLongs(lower, upper);
  }

  private static void checkCount(KeyCodec codec, List<Object> bound) {
    if (bound.size() > 1) {
      throw new IllegalArgumentException(
          "The key has 1 column ("
              + codec.columns().get(0).name()
              + "); a bound of "
              + bound.size()
              + " values was given");
    }
  }

  /** The range for a codec of the form BYTES; null if no key is in it. */
  static EncodedRange toBytes(KeyCodec codec, KeyRange range) {
    byte[] lower = codec.encodePrefix(range.lower());
    if (lower.length > 0 || !range.lower().isEmpty()) {
      lower = range.lowerInclusive() ? lower : after(codec, range.lower(), lower);
      if (lower == null) {
        return null;
      }
    }
    byte[] upper = null;
    if (!range.upper().isEmpty()) {
      upper = codec.encodePrefix(range.upper());
      upper = range.upperInclusive() ? after(codec, range.upper(), upper) : upper;
    }
    return upper != null && KeyBytes.compare(lower, upper) >= 0 ? null : new OfBytes(lower, upper);
  }

  /** The smallest bytes after all keys that a bound stands for; null if there are none. */
  private static byte[] after(KeyCodec codec, List<Object> bound, byte[] encoded) {
    return bound.size() == codec.columnCount()
        ? KeyBytes.next(encoded)
        : KeyBytes.successor(encoded);
  }

  /** A range as people read it. Bounds that are no key are shown as the nearest prefix of one. */
  static String describe(KeyCodec codec, EncodedRange range) {
    if (range instanceof OfLongs longs) {
      if (longs.isPoint()) {
        return "{" + codec.format(longs.lower()) + "}";
      }
      String from = longs.lower() == Long.MIN_VALUE ? "(-inf" : "[" + codec.format(longs.lower());
      return from
          + ", "
          + (longs.upper() == Long.MAX_VALUE ? "+inf)" : codec.format(longs.upper()) + "]");
    }
    OfBytes bytes = (OfBytes) range;
    if (bytes.isPoint()) {
      return "{" + codec.format(bytes.lower()) + "}";
    }
    return BoundFormat.lower(codec, bytes.lower()) + ", " + BoundFormat.upper(codec, bytes.upper());
  }
}
