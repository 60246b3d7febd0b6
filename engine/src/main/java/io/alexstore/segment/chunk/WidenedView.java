package io.alexstore.segment.chunk;

import io.alexstore.schema.TypeWidening;
import io.alexstore.schema.TypeWidening.Reading;
import java.math.BigInteger;

/** A chunk whose values are read as those of the wider type that their column has got since. */
final class WidenedView extends ChunkView {

  private final ChunkView stored;
  private final Reading reading;

  WidenedView(ChunkView stored, NodeTree.Node node, Reading reading) {
    super(stored, node, NO_CHILDREN);
    this.stored = stored;
    this.reading = reading;
  }

  private void require(Reading wanted) {
    if (reading != wanted) {
      throw new UnsupportedOperationException(
          "'" + node.name() + "' of type " + node.type() + " is not read with this getter");
    }
  }

  @Override
  public long getLong(int i) {
    require(Reading.DAYS_AS_MICROS);
    return micros(i, stored.getLong(i));
  }

  private long micros(int i, long days) {
    try {
      return TypeWidening.daysToMicros(days);
    } catch (ArithmeticException e) {
      throw new IllegalStateException(
          "The date in value "
              + i
              + " of column '"
              + node.name()
              + "' of "
              + path
              + ", "
              + days
              + " days from 1970, is no timestamp_ntz, which goes about 292,000 years either way."
              + " Read the version before the column was widened, and write the row anew",
          e);
    }
  }

  @Override
  public double getDouble(int i) {
    require(Reading.FLOAT_AS_DOUBLE);
    return stored.getFloat(i);
  }

  @Override
  public BigInteger getBigInteger(int i) {
    require(Reading.INT64_AS_INT128);
    return BigInteger.valueOf(stored.getLong(i));
  }

  @Override
  public void getLongs(int from, int n, long[] out, int at) {
    require(Reading.DAYS_AS_MICROS);
    stored.getLongs(from, n, out, at);
    for (int i = 0; i < n; i++) {
      // What stands in the place of a null means nothing, and need not be a date.
      out[at + i] = isNull(from + i) ? 0 : micros(from + i, out[at + i]);
    }
  }

  @Override
  public void getDoubles(int from, int n, double[] out, int at) {
    require(Reading.FLOAT_AS_DOUBLE);
    float[] values = new float[n];
    stored.getFloats(from, n, values, 0);
    for (int i = 0; i < n; i++) {
      out[at + i] = values[i];
    }
  }

  @Override
  public void touchAll() {
    stored.touchAll();
    super.touchAll();
  }
}
