package io.alexstore.spark.scan;

import io.alexstore.key.KeyCodec;
import io.alexstore.key.KeyRanges;
import io.alexstore.log.Snapshot;
import io.alexstore.spark.conf.AlexStoreOptions;
import io.alexstore.spark.conf.TableStorage;
import io.alexstore.spark.convert.ColumnPruning;
import io.alexstore.spark.convert.KeyLiterals;
import io.alexstore.spark.convert.SparkSchemas;
import io.alexstore.spark.read.MetadataColumns;
import io.alexstore.spark.read.ZoneFilter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.expressions.SortOrder;
import org.apache.spark.sql.connector.expressions.aggregate.Aggregation;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.read.SampleMethod;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.read.SupportsPushDownAggregates;
import org.apache.spark.sql.connector.read.SupportsPushDownLimit;
import org.apache.spark.sql.connector.read.SupportsPushDownOffset;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.connector.read.SupportsPushDownTableSample;
import org.apache.spark.sql.connector.read.SupportsPushDownTopN;
import org.apache.spark.sql.connector.read.SupportsPushDownV2Filters;
import org.apache.spark.sql.types.StructType;

/** Takes from Spark which columns and which keys a query wants. Not thread-safe. */
public final class AlexScanBuilder
    implements ScanBuilder,
        SupportsPushDownRequiredColumns,
        SupportsPushDownV2Filters,
        SupportsPushDownAggregates,
        SupportsPushDownTableSample,
        SupportsPushDownTopN,
        SupportsPushDownLimit,
        SupportsPushDownOffset {

  /** Spark collects keys on the driver, where so many at worst take about a gigabyte. */
  private static final long MAX_ROWS_FOR_KEYS = 8_000_000;

  /** Up to so many first rows by key are brought in order on the driver. */
  private static final int MAX_MERGED = 10_000;

  private final Snapshot snapshot;
  private final AlexStoreOptions options;
  private final KeyCodec codec;
  private StructType columns;
  private CandidateRows candidates;
  private ZoneFilter zones = ZoneFilter.ALL;
  private Predicate[] pushed = {};
  private RowSelection selection = RowSelection.ALL;
  private Optional<AlexLocalScan> aggregated = Optional.empty();
  private Optional<List<PushedAggregate>> askedFor = Optional.empty();
  private Optional<AlexLocalScan> answer = Optional.empty();
  private RuntimeKeys takesKeys = RuntimeKeys.OF_JOIN;
  private boolean answered;
  private boolean isPruned;

  /** For reading a snapshot, which the scan stays with. */
  public AlexScanBuilder(TableStorage storage, Snapshot snapshot, AlexStoreOptions options) {
    this.snapshot = snapshot;
    this.options = options;
    this.codec = KeyCodec.of(snapshot.schema());
    this.columns = SparkSchemas.toSpark(snapshot.schema());
    this.candidates = new CandidateRows(storage, snapshot, KeyRanges.all(codec.form()));
  }

  @Override
  public void pruneColumns(StructType requiredSchema) {
    columns = requiredSchema;
    isPruned = true;
  }

  @Override
  public Predicate[] pushPredicates(Predicate[] predicates) {
    KeyPredicates.Result result =
        new KeyPredicates(codec).analyze(Arrays.stream(predicates).map(Negations::push).toList());
    candidates = candidates.within(result.ranges());
    List<Predicate> used = new ArrayList<>();
    List<Predicate> left = new ArrayList<>();
    for (int i = 0; i < predicates.length; i++) {
      if (result.used()[i] && !KeyLiterals.hasNull(predicates[i])) {
        used.add(predicates[i]);
      }
      if (!result.exact()[i]) {
        left.add(predicates[i]);
      }
    }
    pushed = used.toArray(Predicate[]::new);
    zones = new ZonePredicates(snapshot.schema()).analyze(left);
    return left.toArray(Predicate[]::new);
  }

  /**
   * What is shown as pushed. Predicates with a null literal are not: Spark cannot write down one of
   * type binary, and fails.
   */
  @Override
  public Predicate[] pushedPredicates() {
    return pushed.clone();
  }

  /**
   * Whether the aggregates are answered here. Spark asks only where no filter is left to it, so
   * that the rows in the key ranges are those to aggregate.
   */
  @Override
  public boolean supportCompletePushDown(Aggregation aggregation) {
    return aggregate(aggregation).isPresent();
  }

  @Override
  public boolean pushAggregation(Aggregation aggregation) {
    aggregated = aggregate(aggregation);
    return aggregated.isPresent();
  }

  private Optional<AlexLocalScan> aggregate(Aggregation aggregation) {
    if (options.localScanRows() == 0) {
      return Optional.empty();
    }
    Optional<List<PushedAggregate>> aggregates = PushedAggregate.of(snapshot.schema(), aggregation);
    // Spark asks whether it could be done, and then for it.
    if (!aggregates.equals(askedFor)) {
      askedFor = aggregates;
      answer = aggregates.flatMap(some -> scan().aggregateLocally(some));
    }
    return answer;
  }

  /** The keys that may fulfil what was pushed, and so those that the scan's rows have. */
  public KeyRanges ranges() {
    return candidates.ranges();
  }

  /** Whether the scan that was built last has its rows already. */
  public boolean isAnswered() {
    return answered;
  }

  /**
   * Says that the rows are read to be changed. Spark then has a query find the keys of those rows
   * first, if it may, in order to read no others. That pays for a join that would bring the table's
   * rows together with those of another, but not for a condition that would be evaluated twice.
   *
   * @param joins whether there is such a join
   */
  public void forChange(boolean joins) {
    boolean pays = joins && snapshot.rows() <= MAX_ROWS_FOR_KEYS;
    takesKeys = pays ? RuntimeKeys.OF_MERGE : RuntimeKeys.NONE;
  }

  /** Not by single rows: Spark draws these itself. */
  @Override
  @SuppressWarnings("deprecation") // All that Spark 4.1 has.
  public boolean pushTableSample(
      double lowerBound, double upperBound, boolean withReplacement, long seed) {
    return false;
  }

  /** A sample by blocks. Spark asks before it pushes anything else. */
  @Override
  public boolean pushTableSample(
      double lowerBound,
      double upperBound,
      boolean withReplacement,
      long seed,
      SampleMethod sampleMethod) {
    if (sampleMethod != SampleMethod.SYSTEM || withReplacement) {
      return false;
    }
    selection = selection.of(new SystemSample(lowerBound, upperBound, seed));
    return true;
  }

  /**
   * Takes a number of rows that are enough. Spark asks only where no filter is left to it, and
   * takes no more than it wants of what it gets.
   */
  @Override
  public boolean pushLimit(int newLimit) {
    if (aggregated.isPresent()) {
      return false;
    }
    selection = selection.first(newLimit);
    return true;
  }

  /**
   * Takes a number of rows that are enough, the first ones in some order. Few are found and brought
   * in order on the driver; of many it is said where they may be.
   */
  @Override
  public boolean pushTopN(SortOrder[] orders, int newLimit) {
    KeyDirection direction = KeyOrders.of(snapshot.schema(), orders);
    if (aggregated.isPresent() || direction == KeyDirection.ANY || !candidates.areKnown()) {
      return false;
    }
    boolean exact = newLimit <= Math.min(options.localScanRows(), MAX_MERGED);
    selection = selection.first(newLimit, direction, exact);
    return true;
  }

  /** Whether Spark must limit, and sort, what it gets. */
  @Override
  public boolean isPartiallyPushed() {
    return !selection.isExact() || !candidates.areKnown();
  }

  /** Takes a number of rows to leave out, of those that a limit before has left. */
  @Override
  public boolean pushOffset(int offset) {
    if (aggregated.isPresent() || isPartiallyPushed()) {
      return false;
    }
    selection = selection.after(offset);
    return true;
  }

  @Override
  public Scan build() {
    if (aggregated.isPresent()) {
      return aggregated.get();
    }
    AlexScan scan = scan();
    Optional<AlexLocalScan> rows =
        scan.answerLocally(options.localScanRows(), options.localScanBytes());
    answered = rows.isPresent();
    return answered ? rows.get() : scan;
  }

  /**
   * A query says which columns it needs, and then uses statistics of columns only where the
   * session's optimizer does. Who does not say so is {@code DESCRIBE EXTENDED t column}, which is
   * after the statistics.
   */
  private boolean wantsColumnEstimates() {
    return !isPruned || ColumnEstimates.areUsedBy(SparkSession.active());
  }

  private AlexScan scan() {
    return new AlexScan(
            candidates,
            ColumnPruning.prune(MetadataColumns.and(snapshot.schema().columns()), columns),
            zones,
            selection,
            SplitSize.of(SparkSession.active()),
            takesKeys,
            options.runtimeFilterKeys())
        .withLookups(options)
        .withColumnEstimates(wantsColumnEstimates());
  }
}
