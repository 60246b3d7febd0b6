package io.alexstore.segment;

/**
 * Byte-string keys of one length that vary in at most 8 byte positions, as 64-bit integers of the
 * same order: the varying bytes, the first one highest.
 *
 * <p>Immutable and thread-safe. Nothing here allocates.
 */
final class Gather {
  private final byte[] template;
  private final int[] places;

  /**
   * @param positions bit j says that byte j varies; 1 to 8 bits
   * @param template the other bytes
   */
  Gather(long positions, byte[] template) {
    this.template = template.clone();
    this.places = new int[Long.bitCount(positions)];
    int n = 0;
    for (int j = 0; j < template.length; j++) {
      if ((positions >>> j & 1) != 0) {
        places[n++] = j;
      }
    }
  }

  /** The bytes of a key. */
  int length() {
    return template.length;
  }

  /** The number of varying bytes, 1 to 8. */
  int count() {
    return places.length;
  }

  /** The place of the i-th varying byte in a key. */
  int place(int i) {
    return places[i];
  }

  /** The byte at a place that does not vary. */
  byte constant(int place) {
    return template[place];
  }

  /** The integer of a key, of which only the varying bytes are looked at. */
  long gather(byte[] key, int offset) {
    long bits = 0;
    for (int place : places) {
      bits = bits << 8 | (key[offset + place] & 0xff);
    }
    return bits ^ Long.MIN_VALUE;
  }

  /** Writes the key of an integer. */
  void scatter(long gathered, byte[] key, int offset) {
    System.arraycopy(template, 0, key, offset, template.length);
    long bits = gathered ^ Long.MIN_VALUE;
    for (int i = places.length - 1; i >= 0; i--) {
      key[offset + places[i]] = (byte) bits;
      bits >>>= 8;
    }
  }

  /** Whether a probe could be a key: it has the length, and agrees with the constant bytes. */
  boolean matches(byte[] probe, int offset, int length) {
    return length == template.length && deviation(probe, offset, length) == length;
  }

  /**
   * The first place at which no key equals the probe whatever its varying bytes: a constant byte
   * that differs, or the end of the shorter.
   */
  int deviation(byte[] probe, int offset, int length) {
    int common = Math.min(length, template.length);
    int next = 0;
    for (int j = 0; j < common; j++) {
      if (next < places.length && places[next] == j) {
        next++;
      } else if (probe[offset + j] != template[j]) {
        return j;
      }
    }
    return common;
  }

  /**
   * Whether all keys whose varying bytes before the deviation equal the probe's are below the
   * probe; otherwise all are above it. For probes that do not match.
   */
  boolean isBelow(byte[] probe, int offset, int length, int deviation) {
    if (deviation < length && deviation < template.length) {
      return (template[deviation] & 0xff) < (probe[offset + deviation] & 0xff);
    }
    return template.length < length;
  }

  /**
   * The smallest ({@code fill} 0) or largest ({@code fill} 0xff) integer of keys whose varying
   * bytes before a place equal the probe's.
   */
  long fill(byte[] probe, int offset, int end, int fill) {
    long bits = 0;
    for (int place : places) {
      bits = bits << 8 | (place < end ? probe[offset + place] & 0xff : fill);
    }
    return bits ^ Long.MIN_VALUE;
  }
}
