package io.alexstore.alex;

import java.util.Arrays;

/** The data nodes that a bulk load has yet to look at: a stack of numbers, so of any depth. */
final class RefineStack {

  /** The task that was popped last. */
  int from;

  int to;
  int entryAt;
  double cost;
  int depth;
  double errors;

  private int[] ints = new int[4 * 64];
  private double[] doubles = new double[2 * 64];
  private int size;

  void push(int from, int to, int entryAt, double cost, int depth, double errors) {
    if (4 * size == ints.length) {
      ints = Arrays.copyOf(ints, 2 * ints.length);
      doubles = Arrays.copyOf(doubles, 2 * doubles.length);
    }
    ints[4 * size] = from;
    ints[4 * size + 1] = to;
    ints[4 * size + 2] = entryAt;
    ints[4 * size + 3] = depth;
    doubles[2 * size] = cost;
    doubles[2 * size + 1] = errors;
    size++;
  }

  /** Pops into the fields; false if there is no task left. */
  boolean pop() {
    if (size == 0) {
      return false;
    }
    size--;
    from = ints[4 * size];
    to = ints[4 * size + 1];
    entryAt = ints[4 * size + 2];
    depth = ints[4 * size + 3];
    cost = doubles[2 * size];
    errors = doubles[2 * size + 1];
    return true;
  }
}
