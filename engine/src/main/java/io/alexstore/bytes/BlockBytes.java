package io.alexstore.bytes;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;

/**
 * Read-only little-endian bytes, at most 2 GiB, whose blocks of 4 KiB may be checked when they are
 * first touched.
 *
 * <p>The bytes are usually a memory map. A reader calls {@link #touch} for the range that it is
 * about to read, then reads it with the plain getters, which check nothing but bounds. A block that
 * was found good is remembered in one bit, so a warm touch costs one load and one test.
 *
 * <p>This is also the seam for files that cannot be mapped: a verifier may first {@linkplain
 * Verifier#load bring} the blocks into the memory behind the buffer, a whole touched run at once.
 * So no byte may be read before it was touched.
 *
 * <p>Thread safety: safe for any number of threads. The bits are set without synchronization; a bit
 * that is lost in a race, or not yet seen, only makes a block be checked once more.
 */
public final class BlockBytes {

  /** log2 of the size of a block. */
  public static final int BLOCK_SHIFT = 12;

  /** The size of a block in bytes. */
  public static final int BLOCK_SIZE = 1 << BLOCK_SHIFT;

  /** Checks blocks when they are first touched. Must be safe for concurrent calls. */
  @FunctionalInterface
  public interface Verifier {
    /**
     * Checks one block; the last block of a file may be shorter than {@link #BLOCK_SIZE}.
     *
     * @param bytes the bytes that the block stands in
     * @param block the block's number, from 0
     * @throws io.alexstore.error.CorruptFileException if the block is damaged
     */
    void verify(ByteBuffer bytes, int block);

    /**
     * Brings a run of blocks into the memory behind the buffer, before they are checked. Called
     * with as long a run as is known to be needed, so that a remote file is read once for it; some
     * of its blocks may have been brought, and checked, before. Does nothing for bytes that are
     * there already.
     *
     * @param block the first block
     * @param count the number of blocks, at least 1
     */
    default void load(int block, int count) {}

    /**
     * As {@link #load} for {@code n} runs, ascending and apart, which may come at the same time.
     */
    default void loadAll(int[] blocks, int[] counts, int n) {
      for (int i = 0; i < n; i++) {
        load(blocks[i], counts[i]);
      }
    }
  }

  /**
   * Whether this processor may see a bit before the bytes that were brought in ahead of it, when
   * another thread did both. Known not to where the architecture keeps the order of loads.
   */
  private static final boolean LOADS_MAY_PASS =
      !Set.of("amd64", "x86_64", "x86", "i386").contains(System.getProperty("os.arch", ""));

  private static final MethodHandle TOUCH_BLOCKS;

  static {
    try {
      TOUCH_BLOCKS =
          MethodHandles.lookup()
              .findVirtual(
                  BlockBytes.class,
                  "touchBlocks",
                  MethodType.methodType(void.class, int.class, int.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final ByteBuffer buffer;
  private final int size;
  private final Verifier verifier;
  private final long[] verified;

  /**
   * {@link #touchBlocks}, behind a handle that the compiler does not see through, since it is no
   * constant. A lookup is compiled while blocks are still being checked, and would get the whole of
   * the check compiled into it, which made every later lookup slower by a third (ADR 0009).
   */
  private final MethodHandle outOfLine = TOUCH_BLOCKS;

  private BlockBytes(ByteBuffer buffer, Verifier verifier) {
    this.buffer = buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    this.size = buffer.capacity();
    this.verifier = verifier;
    long blocks = ((long) size + BLOCK_SIZE - 1) >>> BLOCK_SHIFT;
    this.verified = verifier == null ? null : new long[(int) ((blocks + 63) >>> 6)];
  }

  /** Bytes that are not checked: memory that this process wrote itself. */
  public static BlockBytes unchecked(ByteBuffer buffer) {
    return new BlockBytes(buffer, null);
  }

  /** Bytes of which each block is given to {@code verifier} at its first touch. */
  public static BlockBytes checked(ByteBuffer buffer, Verifier verifier) {
    return new BlockBytes(buffer, Objects.requireNonNull(verifier, "verifier"));
  }

  /** The number of bytes. */
  public int size() {
    return size;
  }

  /**
   * Makes the blocks that hold {@code [offset, offset + length)} fit to be read. An empty range
   * touches nothing.
   *
   * @throws IndexOutOfBoundsException if the range leaves the bytes
   */
  public void touch(int offset, int length) {
    if (verified == null || length == 0) {
      return;
    }
    int first = offset >>> BLOCK_SHIFT;
    int last = (offset + length - 1) >>> BLOCK_SHIFT;
    // No loop: a lookup touches one block, or two, and has this compiled into it in many places.
    long fit = verified[first >>> 6] >>> first & verified[last >>> 6] >>> last;
    if ((fit & 1) == 0 || (last - first > 1 && !areVerified(first + 1, last))) {
      touchOutOfLine(offset, length);
    }
    if (LOADS_MAY_PASS) {
      VarHandle.acquireFence();
    }
  }

  private boolean areVerified(int from, int to) {
    for (int block = from; block < to; block++) {
      if (!isVerified(block)) {
        return false;
      }
    }
    return true;
  }

  private boolean isVerified(int block) {
    return (verified[block >>> 6] & (1L << block)) != 0;
  }

  private void touchOutOfLine(int offset, int length) {
    try {
      outOfLine.invokeExact(this, offset, length);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** Makes all blocks of a range fit to be read; called through {@link #outOfLine} only. */
  void touchBlocks(int offset, int length) {
    int end = (offset + length - 1) >>> BLOCK_SHIFT;
    for (int block = offset >>> BLOCK_SHIFT; block <= end; block++) {
      if (!isVerified(block)) {
        verify(offset, length, block, end);
      }
    }
  }

  /** Loads and checks what is missing from {@code block}, which is missing, to {@code last}. */
  private void verify(int offset, int length, int block, int last) {
    Objects.checkFromIndexSize(offset, length, size);
    int end = last;
    while (end > block && isVerified(end)) {
      end--;
    }
    verifier.load(block, end - block + 1);
    check(block, end);
  }

  /** Checks what was not checked of blocks that were loaded. */
  private void check(int first, int last) {
    for (int block = first; block <= last; block++) {
      if (!isVerified(block)) {
        verifier.verify(buffer, block);
        VarHandle.releaseFence();
        verified[block >>> 6] |= 1L << block;
      }
    }
  }

  /**
   * Makes many ranges fit to be read, as {@link #touch} does for one. Ranges that are not there yet
   * and lie close together are brought in by one read; several reads may run at the same time.
   *
   * @param offsets where the ranges start, ascending; they may overlap
   * @param lengths their lengths
   * @param count how many there are
   * @param maxGap how many bytes between two ranges may be brought in needlessly, to save a read:
   *     at least 0
   * @throws IndexOutOfBoundsException if a range leaves the bytes
   */
  public void touchAll(int[] offsets, int[] lengths, int count, int maxGap) {
    if (verified == null) {
      return;
    }
    int[] runs = new int[8];
    int[] lasts = new int[8];
    int n = 0;
    for (int i = 0; i < count; i++) {
      Objects.checkFromIndexSize(offsets[i], lengths[i], size);
      int first = offsets[i] >>> BLOCK_SHIFT;
      int last = lastBlock(offsets[i], lengths[i]);
      while (first <= last && isVerified(first)) {
        first++;
      }
      while (first <= last && isVerified(last)) {
        last--;
      }
      if (first > last) {
        continue;
      }
      if (n > 0 && (long) first - lasts[n - 1] - 1 <= maxGap >>> BLOCK_SHIFT) {
        lasts[n - 1] = Math.max(lasts[n - 1], last);
        continue;
      }
      if (n == runs.length) {
        runs = Arrays.copyOf(runs, 2 * n);
        lasts = Arrays.copyOf(lasts, 2 * n);
      }
      runs[n] = first;
      lasts[n++] = last;
    }
    for (int i = 0; i < n; i++) {
      lasts[i] += 1 - runs[i];
    }
    if (n == 1) {
      verifier.load(runs[0], lasts[0]);
    } else if (n > 1) {
      verifier.loadAll(runs, lasts, n);
    }
    for (int i = 0; i < count; i++) {
      check(offsets[i] >>> BLOCK_SHIFT, lastBlock(offsets[i], lengths[i]));
    }
    if (LOADS_MAY_PASS) {
      VarHandle.acquireFence();
    }
  }

  /** The last block of a range; if that is empty, one before its first. */
  private static int lastBlock(int offset, int length) {
    return length == 0 ? (offset >>> BLOCK_SHIFT) - 1 : (offset + length - 1) >>> BLOCK_SHIFT;
  }

  /** The byte at an offset. */
  public byte getByte(int offset) {
    return buffer.get(offset);
  }

  /** The two bytes at an offset. */
  public short getShort(int offset) {
    return buffer.getShort(offset);
  }

  /** The four bytes at an offset. */
  public int getInt(int offset) {
    return buffer.getInt(offset);
  }

  /** The eight bytes at an offset. */
  public long getLong(int offset) {
    return buffer.getLong(offset);
  }

  /** The four bytes at an offset as a float. */
  public float getFloat(int offset) {
    return buffer.getFloat(offset);
  }

  /** The eight bytes at an offset as a double. */
  public double getDouble(int offset) {
    return buffer.getDouble(offset);
  }

  /** Copies {@code length} bytes from {@code offset} into {@code target}. */
  public void get(int offset, byte[] target, int targetOffset, int length) {
    buffer.get(offset, target, targetOffset, length);
  }

  /** A read-only view of a range, for readers that take a buffer. It is little-endian. */
  public ByteBuffer slice(int offset, int length) {
    return buffer.slice(offset, length).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * The buffer itself, little-endian, for code that needs its address. Do not move its position.
   */
  public ByteBuffer buffer() {
    return buffer;
  }
}
