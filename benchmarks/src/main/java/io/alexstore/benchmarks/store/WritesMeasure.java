package io.alexstore.benchmarks.store;

import java.nio.file.Path;
import java.util.Map;

/**
 * Write amplification: bytes written to the disk for each byte of keys and values that was put,
 * over a load in random order, as many updates of random rows, and the end of all background work.
 */
final class WritesMeasure {

  private WritesMeasure() {}

  static void run(Spec spec, Path directory, Map<String, Double> figures) throws Exception {
    long begin = DiskUse.writtenByThisProcess();
    try (Session session = Session.open(spec, directory)) {
      figures.put("load", session.load());
      figures.put("loadAmplification", amplification(spec, begin, 1));
      long start = System.nanoTime();
      for (int i = 0; i < spec.rows(); i++) {
        session.update(session.any());
      }
      figures.put("update", (double) (System.nanoTime() - start) / spec.rows());
      session.verify();
    }
    figures.put("amplification", amplification(spec, begin, 2));
  }

  private static double amplification(Spec spec, long begin, int times) throws Exception {
    return (DiskUse.writtenByThisProcess() - begin) / ((double) times * spec.dataBytes());
  }
}
