package io.alexstore.segment.chunk;

import io.alexstore.bytes.BlockBytes;
import io.alexstore.error.CorruptFileException;
import io.alexstore.error.UnsupportedFormatException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A chunk's entry in the directory: where it stands, how it is encoded, and its statistics. See
 * {@code docs/format/segment.md}, Chunk directory entry, for the fields.
 *
 * @param offset where the chunk starts in the file, in bytes; a multiple of 8
 * @param length its length in bytes; a multiple of 8
 * @param encoding the encoding's tag
 * @param codec the codec of the whole chunk
 * @param flags the flags
 * @param width the bit width of packed integers, 0 to 56
 * @param count the number of values
 * @param nullCount the number of nulls among them
 * @param dictionarySize the number of dictionary entries
 * @param symbols the number of symbols in the symbol table, 0 to 255
 * @param base the base of packed integers or linear offsets
 * @param data where the second buffer starts, in bytes from the chunk's start
 * @param slope the slope of linear offsets
 * @param min a lower bound, valid if {@link #hasMin}
 * @param max an upper bound, valid if {@link #hasMax}
 */
public record ChunkEntry(
    int offset,
    int length,
    int encoding,
    int codec,
    int flags,
    int width,
    int count,
    int nullCount,
    int dictionarySize,
    int symbols,
    long base,
    int data,
    long slope,
    Bound min,
    Bound max) {

  /** The bytes of an entry. */
  public static final int BYTES = ChunkFormat.ENTRY_BYTES;

  /** Of values that stand in no file. */
  static ChunkEntry ofNothing(int count, int nulls) {
    Bound none = new Bound(0, 0, 0);
    return new ChunkEntry(0, 0, ChunkFormat.NONE, 0, 0, 0, count, nulls, 0, 0, 0, 0, 0, none, none);
  }

  /** The entry of the same chunk at an offset of the file, a multiple of 8. */
  public ChunkEntry at(int newOffset) {
    if ((newOffset & 7) != 0) {
      throw new IllegalArgumentException("offset " + newOffset + " is not a multiple of 8");
    }
    return new ChunkEntry(
        newOffset,
        length,
        encoding,
        codec,
        flags,
        width,
        count,
        nullCount,
        dictionarySize,
        symbols,
        base,
        data,
        slope,
        min,
        max);
  }

  /** Writes the entry at the target's position and moves it on by {@link #BYTES}. */
  public void writeTo(ByteBuffer target) {
    ByteOrder order = target.order();
    target.order(ByteOrder.LITTLE_ENDIAN);
    target.putInt(offset >>> 3).putInt(length);
    target.put((byte) encoding).put((byte) codec).put((byte) flags).put((byte) width);
    target.putInt(count).putInt(nullCount).putInt(dictionarySize).putLong(base);
    target.put((byte) min.length()).put((byte) max.length()).putShort((short) symbols);
    target.putInt(data).putLong(slope);
    target.putLong(min.low()).putLong(min.high()).putLong(max.low()).putLong(max.high());
    target.putLong(0).putLong(0);
    target.order(order);
  }

  /**
   * Reads the entry that starts at byte {@code at} of a file, and checks that it can be: that its
   * chunk stands in the file, and that counts and lengths are in range. Whether they fit the
   * column's type is checked by {@link ChunkView#open}.
   *
   * @param path the file, for errors
   * @throws CorruptFileException if it cannot be
   * @throws UnsupportedFormatException if the chunk has a codec
   */
  public static ChunkEntry read(String path, BlockBytes file, int at) {
    file.touch(at, BYTES);
    long offset = (file.getInt(at) & 0xffffffffL) << 3;
    long length = file.getInt(at + 4) & 0xffffffffL;
    int codec = file.getByte(at + 9) & 0xff;
    int width = file.getByte(at + 11) & 0xff;
    long count = file.getInt(at + 12) & 0xffffffffL;
    long nulls = file.getInt(at + 16) & 0xffffffffL;
    long entries = file.getInt(at + 20) & 0xffffffffL;
    int minLength = file.getByte(at + 32) & 0xff;
    int maxLength = file.getByte(at + 33) & 0xff;
    int symbols = file.getShort(at + 34) & 0xffff;
    long data = file.getInt(at + 36) & 0xffffffffL;
    check(path, at, (length & 7) == 0, "chunk length", length, "a multiple of 8");
    check(path, at, offset + length <= file.size(), "chunk end", offset + length, "in the file");
    check(path, at, count < Integer.MAX_VALUE, "number of values", count, "below 2^31 - 1");
    check(path, at, nulls <= count, "number of nulls", nulls, "at most the number of values");
    check(path, at, entries <= length, "dictionary size", entries, "at most the chunk's length");
    check(path, at, data <= length, "start of data", data, "in the chunk");
    check(path, at, (data & 7) == 0, "start of data", data, "a multiple of 8");
    check(path, at, width <= ChunkFormat.MAX_WIDTH, "bit width", width, "at most 56");
    check(path, at, minLength <= Bound.MAX_LENGTH, "length of min", minLength, "at most 16");
    check(path, at, maxLength <= Bound.MAX_LENGTH, "length of max", maxLength, "at most 16");
    check(
        path, at, symbols <= ChunkFormat.MAX_SYMBOLS, "number of symbols", symbols, "at most 255");
    if (codec != 0) {
      throw new UnsupportedFormatException(
          path, "the chunk at offset " + offset + " has codec " + codec + "; only 0 is known");
    }
    return new ChunkEntry(
        (int) offset,
        (int) length,
        file.getByte(at + 8) & 0xff,
        codec,
        file.getByte(at + 10) & 0xff,
        width,
        (int) count,
        (int) nulls,
        (int) entries,
        symbols,
        file.getLong(at + 24),
        (int) data,
        file.getLong(at + 40),
        new Bound(minLength, file.getLong(at + 48), file.getLong(at + 56)),
        new Bound(maxLength, file.getLong(at + 64), file.getLong(at + 72)));
  }

  private static void check(
      String path, int at, boolean good, String what, long value, String expected) {
    if (!good) {
      throw new CorruptFileException(
          path, at, "directory entry with " + what + " " + value + ", expected " + expected);
    }
  }

  private boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** Whether the chunk starts with a validity bitmap. */
  public boolean hasValidity() {
    return has(ChunkFormat.VALIDITY);
  }

  /** Whether there is a minimum. */
  public boolean hasMin() {
    return has(ChunkFormat.HAS_MIN);
  }

  /** Whether there is a maximum. */
  public boolean hasMax() {
    return has(ChunkFormat.HAS_MAX);
  }

  /** Whether the minimum is only the first bytes of a value. It is a lower bound all the same. */
  public boolean isMinTruncated() {
    return has(ChunkFormat.MIN_TRUNCATED);
  }

  /**
   * Whether the maximum is only the first bytes of a value; then it bounds every value that starts
   * with it, too.
   */
  public boolean isMaxTruncated() {
    return has(ChunkFormat.MAX_TRUNCATED);
  }

  /** Whether a value is NaN; minimum and maximum leave it out. */
  public boolean hasNaN() {
    return has(ChunkFormat.HAS_NAN);
  }

  /** The minimum of booleans and integers. */
  public long minLong() {
    return min.low();
  }

  /** The maximum of booleans and integers. */
  public long maxLong() {
    return max.low();
  }

  /** The minimum of floats and doubles, NaN left out; a zero is -0.0. */
  public double minDouble() {
    return toDouble(min);
  }

  /** The maximum of floats and doubles, NaN left out; a zero is +0.0. */
  public double maxDouble() {
    return toDouble(max);
  }

  private static double toDouble(Bound bound) {
    return bound.length() == Float.BYTES
        ? Float.intBitsToFloat((int) bound.low())
        : Double.longBitsToDouble(bound.low());
  }

  /** The minimum of 128-bit decimals, unscaled. */
  public BigInteger minBigInteger() {
    return Int128.toBigInteger(min.low(), min.high());
  }

  /** The maximum of 128-bit decimals, unscaled. */
  public BigInteger maxBigInteger() {
    return Int128.toBigInteger(max.low(), max.high());
  }

  /** The minimum of strings and binary: at most the first 16 bytes. */
  public byte[] minBytes() {
    return min.toBytes();
  }

  /** The maximum of strings and binary: at most the first 16 bytes. */
  public byte[] maxBytes() {
    return max.toBytes();
  }
}
