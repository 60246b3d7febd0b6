package io.alexstore.benchmarks;

import io.alexstore.benchmarks.spark.PageCache;
import io.alexstore.row.Row;
import io.alexstore.segment.SegmentOptions;
import io.alexstore.table.AlexTable;
import io.alexstore.table.TableWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * A Java program that answers requests for rows by key from a table: requests a second by one
 * thread and by two, and how long requests take, beside what the machine itself takes from a thread
 * that only sleeps.
 *
 * <p>Run: {@code ./benchmarks/run serve [keys [seconds]]}; 10 million and 10 unless told. Cold
 * requests need the right to empty the page cache, as root has it on Linux; without it they are
 * left out.
 */
public final class ServeBenchmark {

  private static final int GROUP = 64;
  private static final int COLD_REQUESTS = 20_000;
  private static final long HIGHEST_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Path directory;
  private final long[] keys;
  private final int seconds;
  private final List<Results.Row> rows = new ArrayList<>();

  private ServeBenchmark(Path directory, long[] keys, int seconds) {
    this.directory = directory;
    this.keys = keys;
    this.seconds = seconds;
  }

  /** Requests rows: one, or some. */
  private enum Request {
    GET(1) {
      @Override
      void run(AlexTable table, long[] of) throws IOException {
        check(of[0], table.get(of[0]));
      }
    },
    GET_ALL(GROUP) {
      @Override
      void run(AlexTable table, long[] of) throws IOException {
        List<Optional<Row>> found = table.getAll(of);
        for (int i = 0; i < of.length; i++) {
          check(of[i], found.get(i));
        }
      }
    };

    private final int size;

    Request(int size) {
      this.size = size;
    }

    abstract void run(AlexTable table, long[] of) throws IOException;

    private static void check(long key, Optional<Row> row) {
      Data.check(key, row.orElseThrow().getBytes(1), 0);
    }

    String id() {
      return this == GET ? "get" : "getAll of " + GROUP;
    }
  }

  /** Runs the suite. */
  static List<Results.Row> run(String... options) throws Exception {
    int n = options.length > 0 ? Integer.parseInt(options[0].replace("_", "")) : 10_000_000;
    int seconds = options.length > 1 ? Integer.parseInt(options[1]) : 10;
    Path directory = Files.createTempDirectory(Data.root(), "serve");
    try {
      long[] keys = KeyDistribution.UNIFORM.keys(n);
      ServeBenchmark benchmark = new ServeBenchmark(directory.resolve("table"), keys, seconds);
      benchmark.write();
      benchmark.measure();
      return benchmark.rows;
    } finally {
      Engine.deleteAll(directory);
    }
  }

  private void write() throws IOException {
    try (AlexTable table =
            AlexTable.create(directory.toString(), SegmentEngine.schema(), Map.of());
        TableWriter writer = table.appender(SegmentOptions.defaults())) {
      KeyValueRow row = new KeyValueRow();
      for (long key : keys) {
        row.set(key);
        writer.append(row);
      }
      writer.commit();
    }
  }

  private void measure() throws Exception {
    if (PageCache.canBeEmptied()) {
      PageCache.empty();
      try (AlexTable table = AlexTable.open(directory.toString())) {
        SplittableRandom random = new SplittableRandom(1);
        report("cold", Request.GET, List.of(requests(table, Request.GET, random, COLD_REQUESTS)));
      }
    }
    try (AlexTable table = AlexTable.open(directory.toString())) {
      for (Request request : Request.values()) {
        serve(table, request, 2); // Until the code is compiled, and the pages are there.
        for (int threads = 1; threads <= 2; threads++) {
          report("warm", request, serve(table, request, threads));
        }
      }
    }
  }

  /** What one thread did: how long its requests took, in nanoseconds. */
  private record Served(Histogram nanos, long elapsed) {}

  private Served requests(AlexTable table, Request request, SplittableRandom random, int count)
      throws IOException {
    Histogram histogram = histogram();
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      one(table, request, random, histogram);
    }
    return new Served(histogram, System.nanoTime() - start);
  }

  private void one(AlexTable table, Request request, SplittableRandom random, Histogram histogram)
      throws IOException {
    long[] wanted = new long[request.size];
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = keys[random.nextInt(keys.length)];
    }
    long start = System.nanoTime();
    request.run(table, wanted);
    histogram.recordValue(Math.min(HIGHEST_NANOS, System.nanoTime() - start));
  }

  /** Threads that ask as fast as they can, and last one that sleeps. */
  private List<Served> serve(AlexTable table, Request request, int threads)
      throws InterruptedException, ExecutionException {
    AtomicBoolean ends = new AtomicBoolean();
    ExecutorService executor = Executors.newFixedThreadPool(threads + 1);
    try {
      List<Future<Served>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        SplittableRandom random = new SplittableRandom(i + 1);
        all.add(
            executor.submit(
                () -> {
                  Histogram histogram = histogram();
                  long start = System.nanoTime();
                  while (!ends.get()) {
                    one(table, request, random, histogram);
                  }
                  return new Served(histogram, System.nanoTime() - start);
                }));
      }
      all.add(executor.submit(() -> hiccups(ends)));
      TimeUnit.SECONDS.sleep(seconds);
      ends.set(true);
      List<Served> served = new ArrayList<>();
      for (Future<Served> one : all) {
        served.add(one.get());
      }
      return served;
    } finally {
      ends.set(true);
      executor.shutdown();
    }
  }

  /** How much longer than it asked for a thread slept. */
  private static Served hiccups(AtomicBoolean ends) {
    Histogram histogram = histogram();
    long start = System.nanoTime();
    while (!ends.get()) {
      long nap = System.nanoTime();
      LockSupport.parkNanos(NAP_NANOS);
      histogram.recordValue(Math.max(0, System.nanoTime() - nap - NAP_NANOS));
    }
    return new Served(histogram, System.nanoTime() - start);
  }

  private static Histogram histogram() {
    return new Histogram(HIGHEST_NANOS, 3);
  }

  /**
   * Keeps what was found.
   *
   * @param served what each thread did; of several the last one slept
   */
  private void report(String state, Request request, List<Served> served) {
    int threads = Math.max(1, served.size() - 1);
    Histogram all = histogram();
    double perSecond = 0;
    for (Served one : served.subList(0, threads)) {
      all.add(one.nanos());
      perSecond += one.nanos().getTotalCount() * 1e9 / one.elapsed();
    }
    add(state, request.id(), threads, perSecond * request.size, all);
    if (served.size() > 1) {
      Histogram hiccups = served.get(threads).nanos();
      add(state, "hiccups beside " + request.id(), threads, 0, hiccups);
    }
  }

  private void add(String state, String request, int threads, double perSecond, Histogram nanos) {
    double[] percentiles =
        Arrays.stream(new double[] {50, 99, 99.9, 100})
            .map(p -> nanos.getValueAtPercentile(p) / 1e3)
            .toArray();
    System.out.printf(
        Locale.ROOT,
        "%s %-26s %d threads: %,12.0f rows/s, us p50 %.2f, p99 %.2f, p99.9 %.2f, most %.0f%n",
        state,
        request,
        threads,
        perSecond,
        percentiles[0],
        percentiles[1],
        percentiles[2],
        percentiles[3]);
    rows.add(
        new Results.Row(
            Map.of(
                "keys",
                Integer.toString(keys.length),
                "state",
                state,
                "request",
                request,
                "threads",
                Integer.toString(threads)),
            Map.of(
                "rowsPerSecond", perSecond,
                "p50Us", percentiles[0],
                "p99Us", percentiles[1],
                "p999Us", percentiles[2],
                "maxUs", percentiles[3])));
  }
}
