package io.alexstore.spark.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.error.TableNotFoundException;
import io.alexstore.maintain.OrphanFiles;
import io.alexstore.maintain.Rollback;
import io.alexstore.maintain.SnapshotExpiry;
import io.alexstore.maintain.TableVerifier;
import io.alexstore.row.Cursor;
import io.alexstore.table.AlexTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** One table, what its rows must be now and in every version, and the statements so far. */
final class SoakTable {

  private final SparkSession spark;
  private final Random random;
  private final String path;
  private final SoakSchema schema;
  private final SqlStatements sql;
  private final MergeStatements merges;
  private final EngineStatements engine;
  private final StringBuilder story = new StringBuilder();
  private final TreeMap<Long, List<List<Object>>> versions = new TreeMap<>();
  private List<List<Object>> rows = List.of();
  private long expiredBefore;
  private int steps;

  SoakTable(SparkSession spark, Random random, String path) {
    this.spark = spark;
    this.random = random;
    this.path = path;
    this.schema = new SoakSchema(random);
    int targetSegmentSize = random.nextInt(3) == 0 ? 1 << 20 : 300 + random.nextInt(4000);
    this.sql = new SqlStatements(spark, schema, random, path);
    this.merges = new MergeStatements(spark, schema, random, path);
    this.engine = new EngineStatements(schema, random, path, targetSegmentSize);
    String create = schema.createTable(table(), targetSegmentSize);
    tell(create);
    spark.sql(create);
    versions.put(0L, rows);
  }

  private String table() {
    return "alexstore.`" + path + "`";
  }

  private void tell(String text) {
    story.append(text).append(";\n");
  }

  /** The statements so far. */
  String story() {
    return story.toString();
  }

  /** Runs a random statement and checks what came of it. */
  Step step() throws Exception {
    Step step = next();
    tell(step.text());
    long before = newestVersion();
    Optional<String> error = error(step.action());
    if (error.isPresent() && step.errors().stream().noneMatch(error.get()::contains)) {
      throw new AssertionError("The last statement must not fail as it did:\n" + error.get());
    }
    if (error.isEmpty() && step.mustFail()) {
      throw new AssertionError("The last statement must fail: one of " + step.errors());
    }
    rows = error.isPresent() ? rows : step.after().orElseThrow();
    remember(before, error.isPresent());
    steps++;
    check();
    return step;
  }

  private static Optional<String> error(Step.Action action) {
    try {
      action.run();
      return Optional.empty();
    } catch (Exception | AssertionError e) {
      StringBuilder all = new StringBuilder();
      for (Throwable t = e; t != null; t = t.getCause()) {
        all.append(t).append('\n');
      }
      for (StackTraceElement frame : List.of(e.getStackTrace()).stream().limit(30).toList()) {
        all.append("    at ").append(frame).append('\n');
      }
      return Optional.of(all.toString());
    }
  }

  private Step next() {
    int kind = random.nextInt(100);
    if (kind < 15) {
      return housekeeping();
    } else if (kind < 35) {
      return merges.next(rows);
    } else if (kind < 70) {
      return sql.next(rows);
    }
    return engine.next(rows);
  }

  // --- versions ---

  private Step housekeeping() {
    return switch (random.nextInt(6)) {
      case 0, 1 -> rollback();
      case 2 -> expire();
      case 3 -> removeOrphans();
      default -> readOld();
    };
  }

  private long remembered() {
    long newest = versions.lastKey();
    return expiredBefore + random.nextInt((int) (newest - expiredBefore) + 1);
  }

  private Step same(String kind, String text, Step.Action action) {
    return new Step(kind, text, action, Optional.of(rows), Set.of());
  }

  private Step rollback() {
    long to = remembered();
    return new Step(
        "rollback",
        "rollback to version " + to,
        () -> Rollback.to(path, to),
        Optional.of(versions.get(to)),
        Set.of());
  }

  private Step expire() {
    int keep = 1 + random.nextInt(8);
    long newest = versions.lastKey();
    return same(
        "expiry",
        "expiry of all but the last " + keep + " versions",
        () -> {
          SnapshotExpiry.of(path).keepLast(keep).run();
          expiredBefore = Math.max(expiredBefore, newest - keep + 1);
        });
  }

  private Step removeOrphans() {
    return same(
        "orphan removal",
        "orphan removal",
        () -> {
          FileTime old = FileTime.from(Instant.now().minus(Duration.ofDays(30)));
          Path stray = Path.of(path, "data", random.nextLong() + ".alexseg");
          Files.write(stray, new byte[10]);
          try (Stream<Path> files = Files.list(Path.of(path, "data"))) {
            for (Path file : files.toList()) {
              Files.setLastModifiedTime(file, old);
            }
          }
          assertThat(OrphanFiles.of(path).run().files()).contains(stray.toString());
        });
  }

  private Step readOld() {
    long version = remembered();
    boolean bySql = random.nextBoolean();
    return same(
        bySql ? "read as of" : "engine: read as of",
        (bySql ? "SQL" : "engine") + ": read as of version " + version,
        () -> requireVersion(version, bySql));
  }

  private long newestVersion() throws IOException {
    try (AlexTable table = AlexTable.open(path)) {
      return table.snapshot().version();
    }
  }

  private void remember(long before, boolean failed) throws IOException {
    long newest = newestVersion();
    assertThat(newest).as("the version").isGreaterThanOrEqualTo(before);
    if (failed) {
      assertThat(newest).as("the version after a failure").isEqualTo(before);
    }
    // A compaction makes several versions, all with the same rows.
    for (long version = before + 1; version <= newest; version++) {
      versions.put(version, rows);
    }
  }

  // --- checks ---

  private void check() throws IOException {
    try (AlexTable table = AlexTable.open(path)) {
      requireRows("the engine's scan", scan(table), rows);
      assertThat(table.snapshot().rows()).as("the number of rows").isEqualTo(rows.size());
    }
    if (random.nextInt(3) == 0) {
      query();
    }
    if (steps % 4 == 0) {
      verify();
    }
  }

  /** Checks the table's files, and reads every version that was not given up. */
  void checkAll() throws IOException {
    verify();
    requireRows("SELECT *", select("SELECT * FROM " + table()), rows);
    for (long version : versions.keySet()) {
      boolean bySql = random.nextInt(6) == 0;
      if (version >= expiredBefore) {
        requireVersion(version, bySql);
      } else {
        String error = error(() -> requireVersion(version, bySql)).orElse("");
        assertThat(error)
            .as("version %d, which was given up", version)
            .contains(TableNotFoundException.class.getSimpleName(), "has expired");
      }
    }
  }

  private void verify() throws IOException {
    TableVerifier.Report report = TableVerifier.verify(path);
    assertThat(report.findings()).as("findings of the verifier").isEmpty();
    assertThat(report.rows()).as("rows by the verifier").isEqualTo(rows.size());
  }

  private void requireVersion(long version, boolean bySql) throws IOException {
    List<List<Object>> expected = versions.get(version);
    if (bySql) {
      String text = "SELECT * FROM " + table() + " VERSION AS OF " + version;
      requireRows(text, select(text), expected);
      return;
    }
    try (AlexTable table = AlexTable.open(path);
        AlexTable old = table.asOf(version)) {
      requireRows("version " + version, scan(old), expected);
    }
  }

  /** A query of any rows, or of the number of rows. */
  private void query() {
    Term condition = new RandomTerms(schema, random, true).onTarget();
    List<List<Object>> expected = rows.stream().filter(row -> condition.holds(row, null)).toList();
    String from = " FROM " + table() + " AS t WHERE " + condition.sql();
    switch (random.nextInt(4)) {
      case 0 -> requireRows("SELECT *", select("SELECT * FROM " + table()), rows);
      case 1 ->
          assertThat(spark.sql("SELECT count(*)" + from).head().getLong(0))
              .as("SELECT count(*)" + from)
              .isEqualTo(expected.size());
      default -> requireRows("SELECT *" + from, select("SELECT *" + from), expected);
    }
  }

  private static List<List<Object>> scan(AlexTable table) {
    List<List<Object>> found = new ArrayList<>();
    try (Cursor cursor = table.scan()) {
      while (cursor.next()) {
        List<Object> row = new ArrayList<>();
        for (int i = 0; i < cursor.row().size(); i++) {
          row.add(SoakType.normal(cursor.row().get(i)));
        }
        found.add(row);
      }
    }
    return found;
  }

  private List<List<Object>> select(String text) {
    List<List<Object>> found = new ArrayList<>();
    for (Row row : spark.sql(text).collectAsList()) {
      List<Object> values = new ArrayList<>();
      for (int i = 0; i < row.length(); i++) {
        values.add(SoakType.normal(row.get(i)));
      }
      found.add(values);
    }
    return found;
  }

  /** Fails unless rows are the same, in any order, each as often; and says which are not. */
  private static void requireRows(
      String what, List<List<Object>> found, List<List<Object>> expected) {
    Map<List<Object>, Integer> surplus = new HashMap<>();
    found.forEach(row -> surplus.merge(row, 1, Integer::sum));
    expected.forEach(row -> surplus.merge(row, -1, Integer::sum));
    List<String> differences = new ArrayList<>();
    surplus.forEach(
        (row, count) -> {
          if (count != 0) {
            differences.add(Math.abs(count) + (count > 0 ? " too many: " : " missing: ") + row);
          }
        });
    if (!differences.isEmpty()) {
      throw new AssertionError(what + " differs:\n" + String.join("\n", differences));
    }
  }
}
