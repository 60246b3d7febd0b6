package io.alexstore.segment.chunk;

import io.alexstore.schema.PhysicalType;
import io.alexstore.schema.Values;
import java.util.Arrays;

/** Floats and doubles, by their bits: every zero and NaN comes back as it was. */
final class FloatBuffer extends NodeBuffer {

  private final boolean isSingle;
  private final int width;
  private long[] values = {};

  FloatBuffer(NodeTree.Node node) {
    super(node);
    isSingle = node.physical() == PhysicalType.FLOAT32;
    width = node.physical().width();
  }

  @Override
  long bytes() {
    return (long) count * width + (count >>> 3);
  }

  @Override
  void appendValue(Values row, int i) {
    reserve();
    values[count] =
        isSingle
            ? Float.floatToRawIntBits(row.getFloat(i))
            : Double.doubleToRawLongBits(row.getDouble(i));
  }

  @Override
  void appendNothing() {
    reserve();
    values[count] = 0;
  }

  private void reserve() {
    if (count == values.length) {
      values = Arrays.copyOf(values, grown(count, count + 1L));
    }
  }

  @Override
  void truncateValues(int n) {}

  @Override
  void dropValues(int n) {
    System.arraycopy(values, n, values, 0, count - n);
  }

  @Override
  void encodeValues(int n, int nullCount, ChunkEncoder encoder) {
    bound(n, nullCount, encoder);
    long plain = ChunkFormat.pad((long) n * width);
    DecimalScale scale = isSingle ? null : encoder.scale();
    boolean isScaled = scale != null && scale.fit(this, values, n);
    int bits = isScaled ? ChunkFormat.bits(scale.max() - scale.min()) : 0;
    long scaled = isScaled ? ChunkFormat.packedSize(n, bits) : Long.MAX_VALUE;
    LongDictionary dictionary = encoder.longs();
    boolean isDictionary = dictionary.build(this, values, null, n, width, Math.min(plain, scaled));
    if (counter != null && isDictionary) {
      counter.floats(isSingle, dictionary.low(), dictionary.size());
    } else if (counter != null) {
      counter.floats(this, nullCount > 0, isSingle, values, n);
    }
    if (isDictionary) {
      encoder.startDictionary(
          this, n, dictionary.codes(), dictionary.size(), (long) width * dictionary.size());
      encoder.out().putLongs(dictionary.low(), dictionary.size(), width);
    } else if (scaled < plain) {
      encoder.startScaled(this, n, scale.min(), bits, scale.exponent(), scaled);
      encoder.out().putPacked(scale.integers(), n, scale.min(), bits);
    } else {
      encoder.startPlain(this, n, plain);
      encoder.out().putLongs(values, n, width);
    }
  }

  private void bound(int n, int nullCount, ChunkEncoder encoder) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    boolean hasNaN = false;
    for (int i = 0; i < n; i++) {
      if (nullCount == 0 || !isNull(i)) {
        double value =
            isSingle ? Float.intBitsToFloat((int) values[i]) : Double.longBitsToDouble(values[i]);
        if (Double.isNaN(value)) {
          hasNaN = true;
        } else {
          min = value < min ? value : min;
          max = value > max ? value : max;
        }
      }
    }
    if (hasNaN) {
      encoder.flag(ChunkFormat.HAS_NAN);
    }
    if (min <= max) {
      // The two zeros are equal but not the same: bounds must hold in either order of them.
      encoder.bounds(bound(min == 0 ? -0.0 : min), false, bound(max == 0 ? 0.0 : max), false);
    }
  }

  private Bound bound(double value) {
    return isSingle
        ? new Bound(4, Float.floatToRawIntBits((float) value) & 0xffffffffL, 0)
        : new Bound(8, Double.doubleToRawLongBits(value), 0);
  }
}
