package io.alexstore.testkit;

import java.util.SplittableRandom;

/** Says for each operation of a {@link FaultInjectingFileStore} whether, and how, it fails. */
@FunctionalInterface
public interface FaultPlan {

  /** What becomes of one operation. */
  sealed interface Outcome {}

  /** It happens. */
  record Proceed() implements Outcome {}

  /** It fails, and did not happen. */
  record FailBefore(String why) implements Outcome {}

  /** It happens, but reports a failure. */
  record FailAfter(String why) implements Outcome {}

  /** Of a write, only the first bytes happen; of anything else, nothing. Then it fails. */
  record Tear(long keptBytes, String why) implements Outcome {}

  /** It happens. */
  Outcome PROCEED = new Proceed();

  /** Decides one operation. Called once for each, in the order of their numbers. */
  Outcome decide(Operation operation);

  /** Nothing fails. */
  static FaultPlan none() {
    return operation -> PROCEED;
  }

  /** Only operation {@code number}, counted from 0, fails, and does not happen. */
  static FaultPlan failBefore(long number) {
    return operation ->
        operation.number() == number
            ? new FailBefore("operation " + number + " fails before it happened")
            : PROCEED;
  }

  /** Only operation {@code number}, counted from 0, fails, though it happened. */
  static FaultPlan failAfter(long number) {
    return operation ->
        operation.number() == number
            ? new FailAfter("operation " + number + " fails after it happened")
            : PROCEED;
  }

  /**
   * Operation {@code number}, counted from 0, and all after it fail and do not happen: what a
   * process that is killed there leaves behind.
   */
  static FaultPlan stopAt(long number) {
    return operation ->
        operation.number() >= number
            ? new FailBefore("everything fails from operation " + number + " on")
            : PROCEED;
  }

  /** Operation {@code number}, if it is a write, writes only its first {@code keptBytes} bytes. */
  static FaultPlan tear(long number, long keptBytes) {
    return operation ->
        operation.number() == number
            ? new Tear(keptBytes, "operation " + number + " is torn after " + keptBytes + " bytes")
            : PROCEED;
  }

  /** After {@code capacity} bytes were written, to all files together, the disk is full. */
  static FaultPlan diskFull(long capacity) {
    return new FaultPlan() {
      private long left = capacity;

      @Override
      public Outcome decide(Operation operation) {
        String why = "No space left on device (" + capacity + " bytes)";
        if (operation.bytes() > left) {
          var torn = new Tear(left, why);
          left = 0;
          return torn;
        }
        left -= operation.bytes();
        boolean needsSpace = left == 0 && operation.kind() == Operation.Kind.CREATE;
        return needsSpace ? new FailBefore(why) : PROCEED;
      }
    };
  }

  /**
   * Each operation fails with a probability from 0 to 1, in one of the three ways. The same seed
   * and the same operations give the same failures.
   */
  static FaultPlan random(long seed, double probability) {
    var random = new SplittableRandom(seed);
    return operation -> {
      boolean fails = random.nextDouble() < probability;
      int way = random.nextInt(3);
      double kept = random.nextDouble();
      if (!fails) {
        return PROCEED;
      }
      String why = "operation " + operation.number() + " fails by chance, seed " + seed;
      return switch (way) {
        case 0 -> new FailBefore(why);
        case 1 -> new FailAfter(why);
        default -> new Tear((long) (kept * operation.bytes()), why);
      };
    };
  }
}
