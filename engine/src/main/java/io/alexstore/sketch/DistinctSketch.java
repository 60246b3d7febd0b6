package io.alexstore.sketch;

import com.dynatrace.hash4j.distinctcount.UltraLogLog;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Counts distinct values by their hashes. Up to 63 are counted exactly; of more the count is an
 * estimate with a standard error of 3.5 % ({@link #STANDARD_ERROR}), by a sketch of 512 bytes:
 * UltraLogLog (Ertl, "UltraLogLog: A Practical and More Space-Efficient Alternative to HyperLogLog
 * for Approximate Distinct Counting", VLDB 2024) with precision 9.
 *
 * <p>What it depends on is the set of hashes alone, not their order or number: the union of
 * sketches is the sketch of the union. Adding is O(1). Not thread-safe.
 */
public final class DistinctSketch {

  /** The relative standard error of estimates: sqrt(0.6118 / 512). */
  public static final double STANDARD_ERROR = 0.0346;

  /** The most bytes of a serialized sketch. */
  public static final int MAX_BYTES = 512;

  private static final int PRECISION = 9;
  private static final int RECENT_SHIFT = 58;
  private static final int RECENT = 1 << (Long.SIZE - RECENT_SHIFT);

  /** After so many changes it is looked anew at what changes nothing. */
  private static final int SETTLE = 4096;

  private static final int MAX_LISTED = MAX_BYTES / Long.BYTES - 1;

  /** The hashes, ascending, while there are few. */
  private long[] listed = new long[8];

  private int count;

  /** Hashes that were added, each at the place that its highest bits say: most come again. */
  private long[] recent = new long[RECENT];

  /** Null while there are few. */
  private UltraLogLog many;

  /**
   * The bits that follow a hash's register number and are all zero in each hash that may still
   * change a register. Few do once there were many: this spares the look at the register.
   */
  private long unchanging;

  private int sinceSettled;

  /** Adds a value by its hash. */
  public void add(long hash) {
    if (many == null) {
      list(hash);
    } else if ((hash & unchanging) == 0) {
      many.add(hash);
      if (++sinceSettled == SETTLE) {
        settle();
      }
    }
  }

  /** Finds out by what all registers agree to be too little to change them. */
  private void settle() {
    sinceSettled = 0;
    int least = Integer.MAX_VALUE;
    for (byte register : many.getState()) {
      least = Math.min(least, (register & 0xff) >>> 2);
    }
    // A register knows its greatest update value and the two below, which are 8 and more.
    int zeros = least - PRECISION - 1;
    unchanging = zeros <= 0 ? 0 : -1L >>> (Long.SIZE - zeros) << (Long.SIZE - PRECISION - zeros);
  }

  private void list(long hash) {
    int slot = (int) (hash >>> RECENT_SHIFT);
    if (recent[slot] == hash && hash != 0) {
      return;
    }
    recent[slot] = hash;
    int place = Arrays.binarySearch(listed, 0, count, hash);
    if (place >= 0) {
      return;
    }
    if (count == MAX_LISTED) {
      turn();
      many.add(hash);
      return;
    }
    if (count == listed.length) {
      listed = Arrays.copyOf(listed, 2 * count);
    }
    int at = -place - 1;
    System.arraycopy(listed, at, listed, at + 1, count - at);
    listed[at] = hash;
    count++;
  }

  private void turn() {
    many = UltraLogLog.create(PRECISION);
    for (int i = 0; i < count; i++) {
      many.add(listed[i]);
    }
    listed = null;
    recent = null;
    settle();
  }

  /**
   * Adds all values of another sketch.
   *
   * @param sketch as {@link #toBytes} gives it
   * @throws IllegalArgumentException if it is none
   */
  public void addAll(byte[] sketch) {
    check(sketch);
    if (sketch.length == MAX_BYTES) {
      if (many == null) {
        turn();
      }
      many.add(UltraLogLog.wrap(sketch));
      settle();
    } else {
      ByteBuffer hashes = ByteBuffer.wrap(sketch).order(ByteOrder.LITTLE_ENDIAN);
      while (hashes.hasRemaining()) {
        add(hashes.getLong());
      }
    }
  }

  /**
   * Checks that bytes can be a sketch.
   *
   * @throws IllegalArgumentException if not
   */
  public static void check(byte[] sketch) {
    if (sketch.length > MAX_BYTES || sketch.length % Long.BYTES != 0) {
      throw new IllegalArgumentException(
          "a sketch of distinct values has " + sketch.length + " bytes, not 8 n to " + MAX_BYTES);
    }
    if (sketch.length < MAX_BYTES) {
      ByteBuffer hashes = ByteBuffer.wrap(sketch).order(ByteOrder.LITTLE_ENDIAN);
      for (int at = Long.BYTES; at < sketch.length; at += Long.BYTES) {
        if (hashes.getLong(at - Long.BYTES) >= hashes.getLong(at)) {
          throw new IllegalArgumentException(
              "a sketch of distinct values lists hashes that do not ascend");
        }
      }
    }
  }

  /** About how many distinct values were added: exactly, up to 63. */
  public double estimate() {
    return many == null ? count : many.getDistinctCountEstimate();
  }

  /** The serialized sketch, of 0 to 512 bytes: {@code docs/format/segment.md}, Statistics. */
  public byte[] toBytes() {
    if (many != null) {
      return many.getState().clone();
    }
    ByteBuffer bytes = ByteBuffer.allocate(count * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      bytes.putLong(listed[i]);
    }
    return bytes.array();
  }
}
