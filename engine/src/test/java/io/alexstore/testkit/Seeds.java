package io.alexstore.testkit;

import java.util.Random;
import java.util.SplittableRandom;

/**
 * Random tests that anyone can repeat. A failure names the seed of the iteration that failed, and
 * with the system property {@value #PROPERTY} set to it only that iteration runs again.
 *
 * <p>{@value #ITERATIONS_PROPERTY} multiplies the number of iterations, for long runs.
 */
public final class Seeds {

  /** The system property that holds the seed to run with. */
  public static final String PROPERTY = "alexstore.seed";

  /** The system property that multiplies how many iterations run; a whole number, 1 if not set. */
  public static final String ITERATIONS_PROPERTY = "alexstore.iterations";

  private Seeds() {}

  /** A test's body, given a generator that depends on nothing but the seed. */
  @FunctionalInterface
  public interface Body {
    /** Runs the test once. */
    void run(Random random) throws Exception;
  }

  /**
   * Runs a body {@code iterations} times, each with a seed of its own; once, with the given seed,
   * if {@value #PROPERTY} is set. Stops at the first failure, to which the seed is attached.
   */
  public static void run(int iterations, Body body) {
    for (long seed : seeds(iterations)) {
      try {
        body.run(new Random(seed));
      } catch (Exception | AssertionError e) {
        throw new AssertionError(hint(seed, null) + ": " + e, e);
      }
    }
  }

  /** The seeds to run with: one if {@value #PROPERTY} is set, else as many as asked for. */
  static long[] seeds(int iterations) {
    String given = System.getProperty(PROPERTY);
    if (given != null && !given.isBlank()) {
      return new long[] {Long.decode(given.trim())};
    }
    int count = Math.multiplyExact(iterations, Integer.getInteger(ITERATIONS_PROPERTY, 1));
    return new SplittableRandom().longs(count).toArray();
  }

  /** What to tell whoever sees a failure. */
  static String hint(long seed, String test) {
    return "Failed with seed "
        + seed
        + "; to repeat: -D"
        + PROPERTY
        + "="
        + seed
        + (test == null ? "" : " -Dtest=" + test);
  }
}
