package io.alexstore.segment.chunk;

import io.alexstore.bytes.BlockBytes;
import io.alexstore.error.CorruptFileException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Objects;

/**
 * A chunk that is read in place. Positions run from 0 to {@code count() - 1}.
 *
 * <p>A getter fits the node's physical type ({@link io.alexstore.schema.PhysicalType}); others
 * throw {@link UnsupportedOperationException}. For a null the result means nothing. Positions are
 * not checked by getters of one value, and are by those of many. All getters are O(1) for each
 * value and allocate nothing, but for {@link #getBigInteger} and {@link #getBytes}. A getter makes
 * sure that the blocks it reads were checked ({@link BlockBytes#touch}), until {@link #touchAll}
 * has checked all of them at once.
 *
 * <p>A getter throws {@link CorruptFileException} if a block is damaged, or if what the chunk says
 * cannot be; it never reads outside of the chunk.
 *
 * <p>Thread safety: immutable to its readers, safe for any number of threads.
 */
public abstract class ChunkView {

  /** What {@link #bytesRange} returns for a value that does not stand in the file as it is. */
  public static final long COMPRESSED = -3;

  static final ChunkView[] NO_CHILDREN = {};

  final String path;
  final BlockBytes file;
  final ChunkEntry entry;
  final NodeTree.Node node;
  final ChunkView[] children;
  final int count;

  /** Where the first buffer after the bitmap starts in the file, and the second. */
  final int first;

  final int second;

  private final int nullCount;

  /** Where the bitmap starts in the file; -1 if there is none. */
  private final int validity;

  /** Whether all blocks are checked. A race only makes a block be touched once more. */
  private boolean touched;

  ChunkView(ChunkOpener opener) {
    this.path = opener.path;
    this.file = opener.file;
    this.entry = opener.entry;
    this.node = opener.node;
    this.children = opener.children;
    this.count = opener.count;
    this.nullCount = opener.nullCount;
    this.validity = opener.validity;
    this.first = opener.first;
    this.second = opener.second;
  }

  /** A view of values that have the places and nulls of another's, but not its form. */
  ChunkView(ChunkView base, NodeTree.Node node, ChunkView... children) {
    this.path = base.path;
    this.file = base.file;
    this.entry = base.entry;
    this.node = node;
    this.children = children;
    this.count = base.count;
    this.nullCount = base.nullCount;
    this.validity = base.validity;
    this.first = base.first;
    this.second = base.second;
  }

  /**
   * A view of values that stand in no file.
   *
   * @param bitmap as a chunk's; null if no value is null, or all are
   */
  ChunkView(
      NodeTree.Node node, int count, int nullCount, BlockBytes bitmap, ChunkView... children) {
    this.path = "";
    this.file = bitmap;
    this.entry = ChunkEntry.ofNothing(count, nullCount);
    this.node = node;
    this.children = children;
    this.count = count;
    this.nullCount = nullCount;
    this.validity = bitmap == null ? -1 : 0;
    this.first = 0;
    this.second = 0;
  }

  /**
   * Opens a node's chunk of a row group and those of its children.
   *
   * @param path the file, for errors
   * @param directory where the group's first directory entry stands in the file, in bytes
   * @param tree the nodes
   * @param node the node's number
   * @param count the number of values that the chunk must have: of a top-level column the group's
   *     rows
   * @throws CorruptFileException if an entry cannot be
   */
  public static ChunkView open(
      String path, BlockBytes file, int directory, NodeTree tree, int node, int count) {
    return ChunkOpener.open(path, file, directory, tree.node(node), count);
  }

  /**
   * Opens a chunk whose children are open.
   *
   * @throws CorruptFileException if the entry does not fit the node or its children
   */
  public static ChunkView open(
      String path, BlockBytes file, ChunkEntry entry, NodeTree.Node node, ChunkView... children) {
    return new ChunkOpener(path, file, entry, node, children).open();
  }

  /** The directory entry, with the statistics, of what is stored: before it is widened. */
  public final ChunkEntry entry() {
    return entry;
  }

  /** The node. */
  public final NodeTree.Node node() {
    return node;
  }

  /** The number of values, nulls included. */
  public final int count() {
    return count;
  }

  /** Whether a value is null. */
  public final boolean hasNulls() {
    return nullCount > 0;
  }

  /** The number of nulls. */
  public final int nullCount() {
    return nullCount;
  }

  /** Whether a value is null. */
  public final boolean isNull(int i) {
    if (nullCount == 0) {
      return false;
    }
    if (validity < 0) {
      return true;
    }
    int at = validity + (i >>> 3);
    touch(at, 1);
    return (file.getByte(at) >>> (i & 7) & 1) == 0;
  }

  /** A boolean (0, 1) or integer. */
  public long getLong(int i) {
    throw unsupported();
  }

  /** A float. */
  public float getFloat(int i) {
    throw unsupported();
  }

  /** A double. */
  public double getDouble(int i) {
    throw unsupported();
  }

  /** A 128-bit integer. Allocates it. */
  public BigInteger getBigInteger(int i) {
    throw unsupported();
  }

  /**
   * Where a string or binary value stands: its offset in the file {@code << 32 |} its length. The
   * bytes are checked. {@link #COMPRESSED} if it does not stand there; all values of a chunk do, or
   * none does.
   */
  public long bytesRange(int i) {
    throw unsupported();
  }

  /** Whether string or binary values stand in the file as they are: {@link #bytesRange}. */
  public boolean isInPlace() {
    return true;
  }

  /** A string or binary value in a fresh array. O(its length). */
  public byte[] getBytes(int i) {
    long range = bytesRange(i);
    byte[] value = new byte[(int) range];
    file.get((int) (range >>> 32), value, 0, value.length);
    return value;
  }

  /**
   * Copies a string or binary value to {@code target} from {@code at} on. O(its length); allocates
   * nothing.
   *
   * @return its length in bytes
   * @throws IndexOutOfBoundsException if it does not fit
   */
  public int copyBytes(int i, byte[] target, int at) {
    long range = bytesRange(i);
    file.get((int) (range >>> 32), target, at, (int) range);
    return (int) range;
  }

  /** Where a list's or map's elements start among the children's values. */
  public int elementStart(int i) {
    throw unsupported();
  }

  /** Where a list's or map's elements end among the children's values. */
  public int elementEnd(int i) {
    throw unsupported();
  }

  /** The number of children. */
  public final int childCount() {
    return children.length;
  }

  /** A struct's field, a list's elements (0), a map's keys (0) or values (1). */
  public final ChunkView child(int i) {
    return children[i];
  }

  /** The number of dictionary entries; 0 if the chunk has no dictionary. */
  public int dictionarySize() {
    return 0;
  }

  /** The code of a value: the place of its dictionary entry, 0 for a null. */
  public int code(int i) {
    throw unsupported();
  }

  /** The dictionary as values without nulls: that of code {@code i} at {@code i}. */
  public ChunkView dictionary() {
    throw unsupported();
  }

  /** Checks all of the chunk and its children now, so that later reads need not. */
  public void touchAll() {
    if (!touched) {
      file.touch(entry.offset(), entry.length());
      for (ChunkView child : children) {
        child.touchAll();
      }
      touched = true;
    }
  }

  /** Copies {@code n} integers from number {@code from} on to {@code out} from {@code at} on. */
  public void getLongs(int from, int n, long[] out, int at) {
    checkRange(from, n, out.length, at);
    for (int i = 0; i < n; i++) {
      out[at + i] = getLong(from + i);
    }
  }

  /** As {@link #getLongs}, for integers of at most 32 bits. */
  public void getInts(int from, int n, int[] out, int at) {
    checkRange(from, n, out.length, at);
    for (int i = 0; i < n; i++) {
      out[at + i] = (int) getLong(from + i);
    }
  }

  /** As {@link #getLongs}, for doubles. */
  public void getDoubles(int from, int n, double[] out, int at) {
    checkRange(from, n, out.length, at);
    for (int i = 0; i < n; i++) {
      out[at + i] = getDouble(from + i);
    }
  }

  /** As {@link #getLongs}, for floats. */
  public void getFloats(int from, int n, float[] out, int at) {
    checkRange(from, n, out.length, at);
    for (int i = 0; i < n; i++) {
      out[at + i] = getFloat(from + i);
    }
  }

  /** As {@link #getLongs}, for the codes of dictionary entries. */
  public void getCodes(int from, int n, int[] out, int at) {
    throw unsupported();
  }

  /** As {@link #getLongs}: whether values are null. */
  public final void getNulls(int from, int n, boolean[] out, int at) {
    checkRange(from, n, out.length, at);
    if (nullCount > 0 && validity >= 0 && n > 0) {
      touch(validity + (from >>> 3), ((from + n - 1) >>> 3) - (from >>> 3) + 1);
      for (int i = from; i < from + n; i++) {
        out[at + i - from] = (file.getByte(validity + (i >>> 3)) >>> (i & 7) & 1) == 0;
      }
    } else {
      Arrays.fill(out, at, at + n, nullCount > 0);
    }
  }

  /** Makes bytes of the chunk fit to be read. */
  final void touch(int at, int length) {
    if (!touched) {
      file.touch(at, length);
    }
  }

  final void checkRange(int from, int n, int outLength, int at) {
    Objects.checkFromIndexSize(from, n, count);
    Objects.checkFromIndexSize(at, n, outLength);
  }

  final CorruptFileException corrupt(int i, String what) {
    return new CorruptFileException(
        path, entry.offset(), "value " + i + " of column '" + node.name() + "' " + what);
  }

  private UnsupportedOperationException unsupported() {
    return new UnsupportedOperationException(
        "'" + node.name() + "' of type " + node.type() + " is not read with this getter");
  }
}
