package io.alexstore.segment.chunk;

import static org.assertj.core.api.Assertions.assertThat;

/** Reads of many values give what reads of one give. */
final class BulkModel {

  private BulkModel() {}

  static void check(ChunkView view) {
    int from = view.count() / 3;
    int n = view.count() - from - view.count() / 5;
    boolean[] nulls = new boolean[n + 1];
    view.getNulls(from, n, nulls, 1);
    for (int i = 0; i < n; i++) {
      assertThat(nulls[i + 1]).isEqualTo(view.isNull(from + i));
    }
    if (view.dictionarySize() > 0) {
      int[] codes = new int[n + 1];
      view.getCodes(from, n, codes, 1);
      for (int i = 0; i < n; i++) {
        assertThat(codes[i + 1]).isEqualTo(view.code(from + i));
        checkSame(view, from + i, view.dictionary(), codes[i + 1]);
      }
      assertThat(view.dictionary().count()).isEqualTo(view.dictionarySize());
    }
    switch (view.node().physical()) {
      case BOOLEAN, INT8, INT16, INT32 -> {
        checkLongs(view, from, n);
        int[] ints = new int[n + 1];
        view.getInts(from, n, ints, 1);
        for (int i = 0; i < n; i++) {
          assertThat((long) ints[i + 1]).isEqualTo(view.getLong(from + i));
        }
      }
      case INT64 -> checkLongs(view, from, n);
      case FLOAT32 -> {
        float[] floats = new float[n + 1];
        view.getFloats(from, n, floats, 1);
        for (int i = 0; i < n; i++) {
          assertThat(Float.floatToRawIntBits(floats[i + 1]))
              .isEqualTo(Float.floatToRawIntBits(view.getFloat(from + i)));
        }
      }
      case FLOAT64 -> {
        double[] doubles = new double[n + 1];
        view.getDoubles(from, n, doubles, 1);
        for (int i = 0; i < n; i++) {
          assertThat(Double.doubleToRawLongBits(doubles[i + 1]))
              .isEqualTo(Double.doubleToRawLongBits(view.getDouble(from + i)));
        }
      }
      default -> {}
    }
  }

  private static void checkLongs(ChunkView view, int from, int n) {
    long[] longs = new long[n + 1];
    view.getLongs(from, n, longs, 1);
    for (int i = 0; i < n; i++) {
      assertThat(longs[i + 1]).isEqualTo(view.getLong(from + i));
    }
  }

  private static void checkSame(ChunkView view, int i, ChunkView other, int j) {
    switch (view.node().physical()) {
      case FLOAT32 ->
          assertThat(Float.floatToRawIntBits(other.getFloat(j)))
              .isEqualTo(Float.floatToRawIntBits(view.getFloat(i)));
      case FLOAT64 ->
          assertThat(Double.doubleToRawLongBits(other.getDouble(j)))
              .isEqualTo(Double.doubleToRawLongBits(view.getDouble(i)));
      case INT128 -> assertThat(other.getBigInteger(j)).isEqualTo(view.getBigInteger(i));
      case BYTES -> {
        assertThat(other.bytesRange(j)).isEqualTo(view.bytesRange(i));
        assertThat(other.getBytes(j)).isEqualTo(view.getBytes(i));
      }
      default -> assertThat(other.getLong(j)).isEqualTo(view.getLong(i));
    }
  }
}
