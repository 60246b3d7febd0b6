package io.alexstore.benchmarks.store;

import java.nio.file.Path;
import java.util.Map;

/**
 * Bytes for all rows, keys and values included: of memory when every row was read once, straight
 * after the load and after a compaction; and of the disk when the engine was closed.
 */
final class SpaceMeasure {

  private SpaceMeasure() {}

  static void run(Spec spec, Path directory, Map<String, Double> figures) throws Exception {
    MemoryUse before;
    long live;
    try (Session session = Session.open(spec, directory)) {
      before = MemoryUse.now();
      session.load();
      session.readAll();
      put(figures, "loaded", MemoryUse.now().minus(before));
      session.engine().compact();
      session.readAll();
      put(figures, "compacted", MemoryUse.now().minus(before));
      session.verify();
      live = session.engine().liveFileBytes();
    }
    double all = DiskUse.bytes(directory);
    figures.put("diskBytes", all);
    figures.put("liveDiskBytes", live < 0 ? all : live);
  }

  private static void put(Map<String, Double> figures, String name, MemoryUse use) {
    figures.put(name + "HeapBytes", (double) use.liveHeap());
    figures.put(name + "NativeBytes", (double) use.otherAnonymous());
    figures.put(name + "MappedBytes", (double) use.mapped());
  }
}
