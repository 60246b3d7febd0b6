package io.alexstore.benchmarks.store;

import io.alexstore.benchmarks.KeyDistribution;
import java.util.SplittableRandom;

/**
 * Draws numbers from 0 to n - 1, the number i with a likelihood in proportion to 1 / (i + 1)^0.99,
 * as YCSB does. Gray et al., Quickly Generating Billion-Record Synthetic Databases, SIGMOD 1994,
 * section 5.1: exact for the first two, an approximation for the others. Not thread-safe.
 */
final class Zipfian {

  private static final double THETA = 0.99;

  private final int n;
  private final SplittableRandom random;
  private final double zeta;
  private final double alpha;
  private final double eta;

  /** O(n). */
  Zipfian(int n, SplittableRandom random) {
    this.n = n;
    this.random = random;
    this.zeta = zeta(n);
    this.alpha = 1 / (1 - THETA);
    this.eta = (1 - Math.pow(2.0 / n, 1 - THETA)) / (1 - zeta(2) / zeta);
  }

  private static double zeta(int n) {
    double sum = 0;
    for (int i = n; i >= 1; i--) {
      sum += Math.pow(i, -THETA);
    }
    return sum;
  }

  /** The next number; small ones are the likely ones. */
  int next() {
    double u = random.nextDouble();
    double uz = u * zeta;
    if (uz < 1) {
      return 0;
    }
    if (uz < 1 + Math.pow(0.5, THETA)) {
      return 1;
    }
    return (int) Math.min(n - 1L, (long) (n * Math.pow(eta * u - eta + 1, alpha)));
  }

  /** The next number, where the likely ones are spread over all of them. */
  int nextSpread() {
    return (int) ((KeyDistribution.mix(next() + 1L) >>> 1) % n);
  }

  /** How likely a number is. */
  double share(int number) {
    return Math.pow(number + 1.0, -THETA) / zeta;
  }
}
