package io.alexstore.alex;

/** The seed of random tests: printed, and taken back from {@code -Dalexstore.seed}. */
final class Seeds {

  private Seeds() {}

  static long next(String test) {
    long seed = Long.getLong("alexstore.seed", System.nanoTime());
    System.out.println(test + ": repeat with -Dalexstore.seed=" + seed);
    return seed;
  }
}
