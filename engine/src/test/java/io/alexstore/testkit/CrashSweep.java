package io.alexstore.testkit;

import io.alexstore.io.FileStore;
import java.util.Random;

/** Stops a program at every one of its file operations, crashes, and looks at what is left. */
public final class CrashSweep {

  private CrashSweep() {}

  /** A program that writes to a fresh, empty store. Must do the same operations at each run. */
  @FunctionalInterface
  public interface Workload {
    /** Runs the program; whatever it throws after an injected fault is taken as its death. */
    void run(FileStore store) throws Exception;
  }

  /** Looks at what survived. */
  @FunctionalInterface
  public interface Check {
    /**
     * Asserts that the survivors are right.
     *
     * @param survivors what the crash left
     * @param completed whether the program had come to its end, so that all it promised must hold
     */
    void check(FileStore survivors, boolean completed) throws Exception;
  }

  /**
   * Runs the program once for each of its operations, stopped before that operation, and once to
   * its end; after each run crashes {@code crashes} times.
   *
   * @return the number of operations that the program has
   */
  public static int run(Random random, int crashes, Workload workload, Check check)
      throws Exception {
    for (int stop = 0; ; stop++) {
      var disk = new CrashSimulatingFileStore();
      var store = new FaultInjectingFileStore(disk, FaultPlan.stopAt(stop));
      boolean completed = false;
      try {
        workload.run(store);
        completed = store.faults() == 0;
      } catch (Exception e) {
        if (store.faults() == 0) {
          throw e;
        }
      }
      for (int i = 0; i < crashes; i++) {
        try {
          check.check(disk.crash(random), completed);
        } catch (Exception | AssertionError e) {
          throw new AssertionError(
              "Wrong after a stop before operation "
                  + stop
                  + " of "
                  + store.operations()
                  + ": "
                  + e,
              e);
        }
      }
      if (completed) {
        return stop;
      }
    }
  }
}
