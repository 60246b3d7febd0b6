package io.alexstore.benchmarks.peers;

import io.alexstore.benchmarks.spark.Events;
import io.alexstore.benchmarks.spark.JobCounter;
import io.alexstore.benchmarks.spark.Stopwatch;
import io.alexstore.benchmarks.spark.TableFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * The program that is measured, the same for all formats: takes one command a line from standard
 * input, and answers it by one line, which begins with {@value #ANSWER}, on standard output.
 */
final class PeerWorker {

  /** What a line of an answer begins with; all others are chatter. */
  static final String ANSWER = "=> ";

  private static final String CHANGES = "changes";
  private static final String MERGE =
      "MERGE INTO %s t USING "
          + CHANGES
          + " s ON t.id = s.id WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *";
  private static final String SCAN =
      "SELECT category, count(*), sum(amount) FROM %s GROUP BY category";
  private static final int NEW_OF_HUNDRED = 10;
  private static final String JOIN =
      "SELECT count(*), count(t.id), sum(t.amount), max(t.name), sum(p.x) FROM probes_in_%s p"
          + " %s JOIN %%s t ON p.k = t.id";

  /** One probe in so many has a key that the table does not have. */
  private static final int ABSENT_EVERY = 10;

  /** More probes than these are no local data of a query any more. */
  static final long MAX_IN_MEMORY = 100_000;

  /** What is timed; its rows, if it has some, are compared between the formats. */
  @FunctionalInterface
  private interface Timed {
    List<Row> run() throws IOException;
  }

  private final SparkSession spark;
  private final PeerTable table;
  private final Path directory;
  private final long rows;
  private final JobCounter jobs = new JobCounter();

  private PeerWorker(SparkSession spark, PeerTable table, Path directory, long rows) {
    this.spark = spark;
    this.table = table;
    this.directory = directory;
    this.rows = rows;
    spark.sparkContext().addSparkListener(jobs);
  }

  /**
   * Serves one format.
   *
   * @param args the {@link Peer}, an empty directory for files, the rows of the table
   */
  public static void main(String[] args) throws IOException {
    PrintStream answers = System.out;
    System.setOut(System.err);
    Path directory = Path.of(args[1]);
    long rows = Long.parseLong(args[2]);
    PeerTable table = PeerTable.of(Peer.valueOf(args[0]), directory.resolve("table"), rows);
    SparkSession.Builder session =
        SparkSession.builder()
            .master("local[2]")
            .appName(args[0])
            .config("spark.sql.shuffle.partitions", 4)
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.warehouse.dir", directory.resolve("warehouse").toString())
            .config("spark.local.dir", directory.resolve("local").toString());
    table.settings().forEach(session::config);
    SparkSession spark = session.getOrCreate();
    PeerWorker worker = new PeerWorker(spark, table, directory, rows);
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    answers.println(ANSWER + spark.version());
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      answers.println(ANSWER + worker.answer(line.split(" ")));
    }
    spark.stop();
  }

  private String answer(String[] command) throws IOException {
    return switch (command[0]) {
      case "create" -> time(this::create);
      case "bytes" -> Long.toString(TableFiles.size(table.directory()));
      case "lookup" -> time(() -> query("SELECT * FROM %s WHERE id = " + id(command[1])));
      case "scan" -> time(() -> query(SCAN));
      case "queries" -> queries(command);
      case "probes" -> probes(Long.parseLong(command[1]));
      case "warm-join" -> warmJoin(command);
      case "join" -> time(() -> query(JOIN.formatted(command[1], command[2].replace('_', ' '))));
      case "prepare" -> prepare(Long.parseLong(command[1]));
      case "merge" -> time(this::merge);
      case "merge-row" -> time(() -> mergeRow(command));
      case "append-row" -> time(() -> appendRow(command));
      case "rollback" -> time(this::rollBack);
      default -> throw new IllegalArgumentException("no such command: " + command[0]);
    };
  }

  private String time(Timed timed) throws IOException {
    jobs.take(spark.sparkContext());
    Stopwatch watch = new Stopwatch();
    List<Row> found = timed.run();
    watch.stop();
    int launched = jobs.take(spark.sparkContext());
    return watch.millis() + " " + watch.cpuMillis() + " " + launched + " " + digest(found);
  }

  private List<Row> query(String sql) {
    return spark.sql(sql.replace("%s", table.name())).collectAsList();
  }

  /**
   * Asks several queries of a kind: their median.
   *
   * @param command the kind, the seed, how many at most, and the milliseconds after which no other
   *     is asked, where 0 stands for no limit
   */
  private String queries(String[] command) throws IOException {
    PeerQuery kind = PeerQuery.valueOf(command[1]);
    SplittableRandom random = new SplittableRandom(Long.parseLong(command[2]));
    int most = Integer.parseInt(command[3]);
    long limit = Long.parseLong(command[4]) * 1_000_000;
    jobs.take(spark.sparkContext());
    List<Double> millis = new ArrayList<>();
    long digest = 0;
    double cpu = 0;
    long start = System.nanoTime();
    while (millis.size() < most && (limit == 0 || System.nanoTime() - start < limit)) {
      String sql = kind.sql(random, rows);
      Stopwatch watch = new Stopwatch();
      List<Row> found = query(sql);
      watch.stop();
      millis.add(watch.millis());
      cpu += watch.cpuMillis();
      digest = 31 * digest + Long.parseUnsignedLong(digest(found), 16);
    }
    int launched = jobs.take(spark.sparkContext());
    int asked = millis.size();
    return millis.stream().sorted().toList().get(asked / 2)
        + (" " + cpu / asked)
        + (" " + (launched + asked - 1) / asked)
        + (" " + Long.toHexString(digest));
  }

  /** Joins again and again for some milliseconds, and once at least. */
  private String warmJoin(String[] command) {
    long end = System.nanoTime() + Long.parseLong(command[3]) * 1_000_000;
    int joins = 0;
    do {
      query(JOIN.formatted(command[1], command[2].replace('_', ' ')));
      joins++;
    } while (System.nanoTime() < end);
    return Integer.toString(joins);
  }

  /**
   * Makes the other side of the joins: random keys in no order, in a Parquet file and, if they are
   * not too many, in the driver's memory.
   */
  private String probes(long count) {
    StructType schema = StructType.fromDDL("k BIGINT, x BIGINT");
    long present = rows; // The function goes to tasks, and this object cannot.
    Dataset<Row> made =
        spark
            .range(0, count, 1, count > MAX_IN_MEMORY ? 4 : 1)
            .map((MapFunction<Long, Row>) i -> probe(i, present), Encoders.row(schema));
    String path = directory.resolve("probes").toString();
    made.write().mode(SaveMode.Overwrite).parquet(path);
    spark.read().parquet(path).createOrReplaceTempView("probes_in_file");
    if (count <= MAX_IN_MEMORY) {
      spark
          .createDataFrame(made.collectAsList(), schema)
          .createOrReplaceTempView("probes_in_memory");
    }
    return Long.toString(count);
  }

  private static Row probe(long i, long rows) {
    long row = Math.floorMod(Events.id(-1 - i), rows);
    long key = Events.id(i % ABSENT_EVERY == ABSENT_EVERY - 1 ? rows + row : row);
    return RowFactory.create(key, key % 100);
  }

  private static long id(String row) {
    return Events.id(Long.parseLong(row));
  }

  private List<Row> create() throws IOException {
    table.create(spark, Events.rows(spark, rows));
    return List.of();
  }

  /**
   * Writes the rows of the next MERGE to a Parquet file, in random order: one in a hundred of the
   * table's, a tenth of which are new.
   */
  private String prepare(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    long count = rows / 100;
    long added = count * NEW_OF_HUNDRED / 100;
    TreeSet<Long> chosen = new TreeSet<>();
    while (chosen.size() < count - added) {
      chosen.add(random.nextLong(rows));
    }
    List<Row> changes = new ArrayList<>();
    chosen.forEach(i -> changes.add(Events.row(i, seed)));
    for (long i = rows; i < rows + added; i++) {
      changes.add(Events.row(i, seed));
    }
    java.util.Collections.shuffle(changes, new java.util.Random(seed));
    String path = directory.resolve(CHANGES).toString();
    frame(changes).coalesce(1).write().mode(SaveMode.Overwrite).parquet(path);
    spark.read().parquet(path).createOrReplaceTempView(CHANGES);
    return Long.toString(count);
  }

  private Dataset<Row> frame(List<Row> of) {
    return spark.createDataFrame(of, Events.SCHEMA);
  }

  private Dataset<Row> frame(String[] command) {
    return frame(List.of(Events.row(Long.parseLong(command[1]), Long.parseLong(command[2]))));
  }

  private List<Row> mergeRow(String[] command) {
    frame(command).createOrReplaceTempView(CHANGES);
    return merge();
  }

  private List<Row> merge() {
    query(MERGE); // Some formats answer with counts.
    return List.of();
  }

  private List<Row> appendRow(String[] command) {
    table.append(frame(command));
    return List.of();
  }

  private List<Row> rollBack() throws IOException {
    table.rollBack(spark);
    return List.of();
  }

  /** The same for the same rows in any order; sums of cents are rounded to cents. */
  private static String digest(List<Row> found) {
    long digest = found.size();
    for (Row row : found) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        Object value = row.get(i);
        text.append(
                value instanceof Double d
                    ? BigDecimal.valueOf(d).setScale(2, RoundingMode.HALF_UP)
                    : value)
            .append('\0');
      }
      digest += Events.id(text.toString().hashCode());
    }
    return Long.toHexString(digest);
  }
}
