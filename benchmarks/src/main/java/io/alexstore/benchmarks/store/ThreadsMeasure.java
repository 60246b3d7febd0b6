package io.alexstore.benchmarks.store;

import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** One thread that gets rows, first alone, then beside another that updates rows. */
final class ThreadsMeasure {

  private ThreadsMeasure() {}

  static void run(Spec spec, Path directory, Map<String, Double> figures) throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (Session session = Session.open(spec, directory)) {
      session.load();
      try (MapEngine.Reader reader = session.engine().reader()) {
        AtomicBoolean stop = new AtomicBoolean();
        Callable<Latencies> reading = () -> read(session, reader, stop);
        Future<Latencies> alone = thread.submit(reading);
        TimeUnit.SECONDS.sleep(spec.seconds());
        stop.set(true);
        put(figures, "getAlone", alone.get());
        stop.set(false);
        Future<Latencies> beside = thread.submit(reading);
        put(figures, "put", write(session, spec.seconds(), beside));
        stop.set(true);
        put(figures, "getBeside", beside.get());
      }
      session.verify();
    } finally {
      thread.shutdownNow();
    }
  }

  private static void put(Map<String, Double> figures, String name, Latencies times) {
    figures.put(name + "Mean", times.mean());
    figures.put(name + "P99", times.quantile(0.99));
    figures.put(name + "P9999", times.quantile(0.9999));
  }

  private static Latencies read(Session session, MapEngine.Reader reader, AtomicBoolean stop)
      throws Exception {
    SplittableRandom random = new SplittableRandom(23);
    byte[] target = new byte[session.spec().valueBytes()];
    int rows = session.spec().rows();
    Latencies times = new Latencies();
    long before = System.nanoTime();
    while (!stop.get()) {
      long key = session.records().key(random.nextInt(rows));
      if (!reader.get(key, target)) {
        throw new IllegalStateException("No value for key " + key);
      }
      Values.check(key, target);
      long after = System.nanoTime();
      times.add(after - before);
      before = after;
    }
    return times;
  }

  private static Latencies write(Session session, int seconds, Future<?> reader) throws Exception {
    Latencies times = new Latencies();
    long before = System.nanoTime();
    long end = before + TimeUnit.SECONDS.toNanos(seconds);
    while (before < end) {
      if (reader.isDone()) {
        throw new IllegalStateException("The reader ended before the writer");
      }
      session.update(session.any());
      long after = System.nanoTime();
      times.add(after - before);
      before = after;
    }
    return times;
  }
}
