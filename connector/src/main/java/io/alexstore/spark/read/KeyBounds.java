package io.alexstore.spark.read;

import io.alexstore.key.EncodedRange;
import io.alexstore.key.KeyForm;
import io.alexstore.key.KeyRanges;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Ranges of keys on their way to an executor.
 *
 * @param longs for 64-bit keys: the lower and upper bound of each range; otherwise null
 * @param bytes for other keys: the lower and upper bound of each range; otherwise null
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier that is never compared.
record KeyBounds(long[] longs, byte[][] bytes) implements Serializable {

  private static final long serialVersionUID = 1L;

  static KeyBounds of(KeyRanges ranges) {
    int n = ranges.list().size();
    if (ranges.form() == KeyForm.LONG) {
      long[] longs = new long[2 * n];
      for (int i = 0; i < n; i++) {
        EncodedRange.OfLongs range = (EncodedRange.OfLongs) ranges.list().get(i);
        longs[2 * i] = range.lower();
        longs[2 * i + 1] = range.upper();
      }
      return new KeyBounds(longs, null);
    }
    byte[][] bytes = new byte[2 * n][];
    for (int i = 0; i < n; i++) {
      EncodedRange.OfBytes range = (EncodedRange.OfBytes) ranges.list().get(i);
      bytes[2 * i] = range.lower();
      bytes[2 * i + 1] = range.upper();
    }
    return new KeyBounds(null, bytes);
  }

  KeyRanges ranges() {
    List<EncodedRange> ranges = new ArrayList<>();
    if (longs != null) {
      for (int i = 0; i < longs.length; i += 2) {
        ranges.add(new EncodedRange.OfLongs(longs[i], longs[i + 1]));
      }
      return KeyRanges.of(KeyForm.LONG, ranges);
    }
    for (int i = 0; i < bytes.length; i += 2) {
      ranges.add(new EncodedRange.OfBytes(bytes[i], bytes[i + 1]));
    }
    return KeyRanges.of(KeyForm.BYTES, ranges);
  }
}
