package io.alexstore.segment.chunk;

import io.alexstore.bytes.BlockBytes;
import io.alexstore.schema.JavaValues;
import io.alexstore.schema.PhysicalType;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Values that stand in no file: one in all places, the default of a column that was added after its
 * segment was written; or, within such a default, the elements of a list.
 */
final class LiteralView extends ChunkView {

  /** In their physical form; those of structs, lists and maps are not used. */
  private final Object[] items;

  /** Where the elements of lists and maps start, and the last ones end; otherwise null. */
  private final int[] starts;

  private final boolean isConstant;

  /** Of a constant the value as it was given. */
  private final Object value;

  /** All null, one value in all places, or each value in its place. */
  private LiteralView(
      NodeTree.Node node, List<?> values, int count, int nulls, BlockBytes bitmap, boolean all) {
    super(node, count, nulls, bitmap, children(node, values, count, all));
    this.items = items(node, values);
    this.starts = starts(node, values);
    this.isConstant = all;
    this.value = all ? values.get(0) : null;
  }

  /** One value in all places where a struct is not null. */
  private LiteralView(ChunkView struct, NodeTree.Node node, Object value) {
    super(struct, node, children(node, one(value), struct.count(), true));
    this.items = items(node, one(value));
    this.starts = starts(node, one(value));
    this.isConstant = true;
    this.value = value;
  }

  /**
   * The same value in many places.
   *
   * @param value in the Java form that {@link JavaValues} lists; null for null
   */
  static ChunkView constant(NodeTree.Node node, Object value, int count) {
    return new LiteralView(node, one(value), count, value == null ? count : 0, null, true);
  }

  /** The same value in all places where a struct, of which this is a field, is not null. */
  static ChunkView field(ChunkView struct, NodeTree.Node node, Object value) {
    return value == null
        ? constant(node, null, struct.count())
        : new LiteralView(struct, node, value);
  }

  private static ChunkView each(NodeTree.Node node, List<?> values) {
    int nulls = Collections.frequency(values, null);
    ByteBuffer bitmap = ByteBuffer.allocate((int) ChunkFormat.bitmapSize(values.size()));
    for (int i = 0; i < values.size(); i++) {
      if (values.get(i) != null) {
        bitmap.put(i >>> 3, (byte) (bitmap.get(i >>> 3) | 1 << (i & 7)));
      }
    }
    BlockBytes bytes = nulls == 0 ? null : BlockBytes.unchecked(bitmap);
    return new LiteralView(node, values, values.size(), nulls, bytes, false);
  }

  private static List<?> one(Object value) {
    return Collections.singletonList(value);
  }

  private static ChunkView[] children(NodeTree.Node node, List<?> values, int count, boolean all) {
    List<NodeTree.Node> parts = node.children();
    ChunkView[] children = new ChunkView[parts.size()];
    for (int i = 0; i < children.length; i++) {
      List<?> of = partOf(node, values, i);
      boolean isConstant = all && node.physical() == PhysicalType.STRUCT;
      children[i] = isConstant ? constant(parts.get(i), of.get(0), count) : each(parts.get(i), of);
    }
    return children;
  }

  /** The fields, elements, keys or values with a number, of all values one after another. */
  private static List<?> partOf(NodeTree.Node node, List<?> values, int part) {
    List<Object> all = new ArrayList<>();
    for (Object value : values) {
      if (node.physical() == PhysicalType.STRUCT) {
        all.add(value == null ? null : ((List<?>) value).get(part));
      } else if (value instanceof Map<?, ?> map) {
        all.addAll(part == 0 ? map.keySet() : map.values());
      } else if (value != null) {
        all.addAll((List<?>) value);
      }
    }
    return all;
  }

  private static Object[] items(NodeTree.Node node, List<?> values) {
    Object[] items = new Object[node.physical().isNested() ? 0 : values.size()];
    for (int i = 0; i < items.length; i++) {
      Object value = values.get(i);
      items[i] = value == null ? null : JavaValues.toPhysical(node.name(), node.type(), value);
    }
    return items;
  }

  private static int[] starts(NodeTree.Node node, List<?> values) {
    if (node.physical() != PhysicalType.LIST && node.physical() != PhysicalType.MAP) {
      return null;
    }
    int[] starts = new int[values.size() + 1];
    for (int i = 0; i < values.size(); i++) {
      Object value = values.get(i);
      int size =
          value instanceof Map<?, ?> map
              ? map.size()
              : value == null ? 0 : ((List<?>) value).size();
      starts[i + 1] = starts[i] + size;
    }
    return starts;
  }

  private Object item(int i) {
    return items[isConstant ? 0 : i];
  }

  @Override
  public long getLong(int i) {
    return item(i) instanceof Long n ? n : 0;
  }

  @Override
  public float getFloat(int i) {
    return item(i) instanceof Float n ? n : 0;
  }

  @Override
  public double getDouble(int i) {
    return item(i) instanceof Double n ? n : 0;
  }

  @Override
  public BigInteger getBigInteger(int i) {
    return (BigInteger) item(i);
  }

  @Override
  public boolean isInPlace() {
    return false;
  }

  @Override
  public long bytesRange(int i) {
    return COMPRESSED;
  }

  @Override
  public byte[] getBytes(int i) {
    return item(i) instanceof byte[] bytes ? bytes.clone() : new byte[0];
  }

  @Override
  public int copyBytes(int i, byte[] target, int at) {
    byte[] bytes = (byte[]) item(i);
    System.arraycopy(bytes, 0, target, at, bytes.length);
    return bytes.length;
  }

  @Override
  public int elementStart(int i) {
    return starts[isConstant ? 0 : i];
  }

  @Override
  public int elementEnd(int i) {
    return starts[isConstant ? 1 : i + 1];
  }

  // ---- a constant is a dictionary of one entry, so that readers make its string once

  @Override
  public int dictionarySize() {
    return isConstant && node.physical() == PhysicalType.BYTES && items[0] != null ? 1 : 0;
  }

  @Override
  public int code(int i) {
    return 0;
  }

  @Override
  public void getCodes(int from, int n, int[] out, int at) {
    checkRange(from, n, out.length, at);
    Arrays.fill(out, at, at + n, 0);
  }

  @Override
  public ChunkView dictionary() {
    return constant(node, value, 1);
  }

  // ---- many at once

  @Override
  public void getLongs(int from, int n, long[] out, int at) {
    if (isConstant) {
      checkRange(from, n, out.length, at);
      Arrays.fill(out, at, at + n, getLong(0));
    } else {
      super.getLongs(from, n, out, at);
    }
  }

  @Override
  public void getDoubles(int from, int n, double[] out, int at) {
    if (isConstant) {
      checkRange(from, n, out.length, at);
      Arrays.fill(out, at, at + n, getDouble(0));
    } else {
      super.getDoubles(from, n, out, at);
    }
  }

  /** Nothing has to be checked. */
  @Override
  public void touchAll() {}
}
