package io.alexstore.spark.soak;

import io.alexstore.spark.AlexStorePathCatalog;
import io.alexstore.spark.TestSession;
import io.alexstore.testkit.Seeds;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random statements against a model: inserts, upserts, UPDATE, DELETE, MERGE of all clauses and
 * overwrites through Spark, writes through the engine, compaction, rollback, expiry, orphan removal
 * and reads of old versions, on many small tables of all kinds of keys. Some statements must fail
 * and change nothing. Every version reads as it was until it is given up, and the verifier finds
 * nothing.
 *
 * <p>{@code -Dalexstore.random.statements=10000} for the long run, {@code -Dalexstore.seed=...} for
 * one table again.
 */
class RandomStatementsTest {

  private static final int STATEMENTS = Integer.getInteger("alexstore.random.statements", 250);
  private static final int STATEMENTS_OF_TABLE = 25;

  /** What became of the statements of one kind. */
  private static final class Tally {
    private int statements;
    private int refused;
    private long nanos;

    @Override
    public String toString() {
      return statements
          + (refused == 0 ? "" : " (" + refused + " had to fail)")
          + " in "
          + TimeUnit.NANOSECONDS.toMillis(nanos)
          + " ms";
    }
  }

  private final SparkSession spark = TestSession.extended().newSession();
  private final Map<String, Tally> tallies = new TreeMap<>();
  private final long start = System.nanoTime();
  private int tables;

  @TempDir Path directory;

  @BeforeEach
  void configure() {
    set("spark.sql.catalog.alexstore", AlexStorePathCatalog.class.getName());
    set("spark.sql.datetime.java8API.enabled", true);
    // The plans are described for nobody.
    set("spark.sql.ui.explainMode", "simple");
    // Statements that must fail would fill the log with their stack traces.
    spark.sparkContext().setLogLevel("FATAL");
    SparkSession.setActiveSession(spark);
  }

  @AfterEach
  void restore() {
    spark.sparkContext().setLogLevel("WARN");
    SparkSession.setActiveSession(TestSession.get());
  }

  private void set(String name, Object value) {
    spark.conf().set(name, value.toString());
  }

  @Test
  void areWhatAModelSays() {
    try {
      Seeds.run((STATEMENTS - 1) / STATEMENTS_OF_TABLE + 1, this::oneTable);
    } finally {
      System.out.println(soFar());
      tallies.forEach((kind, tally) -> System.out.printf("  %s: %s%n", kind, tally));
    }
  }

  private String soFar() {
    int statements = tallies.values().stream().mapToInt(tally -> tally.statements).sum();
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
    return "As the model says: " + statements + " random statements in " + seconds + " s";
  }

  private void oneTable(Random random) {
    // Mostly what is fastest for a few rows.
    set("spark.sql.shuffle.partitions", random.nextInt(3) == 0 ? 3 : 1);
    set("spark.sql.adaptive.enabled", random.nextInt(4) == 0);
    set("spark.sql.autoBroadcastJoinThreshold", random.nextInt(3) == 0 ? "-1" : "10m");
    boolean compiles = random.nextInt(20) == 0;
    set("spark.sql.codegen.wholeStage", compiles);
    set("spark.sql.codegen.factoryMode", compiles ? "FALLBACK" : "NO_CODEGEN");
    SoakTable table =
        new SoakTable(spark, random, directory.resolve("t" + random.nextLong()).toString());
    try {
      for (int i = 0; i < STATEMENTS_OF_TABLE; i++) {
        // Small tables are read on the driver, unless that is turned off.
        set("spark.datasource.alexstore.localScanRows", random.nextBoolean() ? 1000 : 0);
        long before = System.nanoTime();
        Step step = table.step();
        Tally tally = tallies.computeIfAbsent(step.kind(), kind -> new Tally());
        tally.statements++;
        tally.refused += step.mustFail() ? 1 : 0;
        tally.nanos += System.nanoTime() - before;
      }
      table.checkAll();
      if (++tables % 40 == 0) {
        System.out.println(soFar());
      }
    } catch (Exception | AssertionError e) {
      throw new AssertionError(e + "\nThe statements of the table:\n" + table.story(), e);
    }
  }
}
