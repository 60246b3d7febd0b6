package io.alexstore.alex;

/**
 * A line from a feature to a rank within a node: {@code intercept + slope * (feature - base)},
 * truncated and clamped to the node.
 *
 * @param base the feature of the node's first key
 * @param slope ranks for each unit of feature, 0 or more
 * @param intercept the rank at the base, plus a half so that truncation rounds
 */
record LinearModel(long base, double slope, double intercept) {

  /** The rank, from 0 to {@code count - 1}, that the line gives a feature. Never falls. */
  int predict(long feature, int count) {
    return clamp((int) (intercept + slope * (double) (feature - base)), count);
  }

  static int clamp(int rank, int count) {
    return Math.max(0, Math.min(rank, count - 1));
  }

  /**
   * The least-squares line through the keys of {@code [from, to)}, whose first and last features
   * must differ. One pass.
   */
  static LinearModel fit(FeatureSource source, int from, int to, long first, long last) {
    int count = to - from;
    double unit = 1.0 / (double) (last - first);
    double sumX = 0;
    double sumXx = 0;
    double sumXy = 0;
    for (int i = from; i < to; i++) {
      double x = (double) (source.feature(i) - first) * unit;
      sumX += x;
      sumXx += x * x;
      sumXy += x * (i - from);
    }
    double meanX = sumX / count;
    double meanY = (count - 1) / 2.0;
    double variance = sumXx - sumX * meanX;
    double slope = variance > 0 ? Math.max(0, (sumXy - sumX * meanY) / variance) : 0;
    return new LinearModel(first, slope * unit, meanY - slope * meanX + 0.5);
  }
}
