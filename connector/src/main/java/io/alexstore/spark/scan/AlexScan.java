package io.alexstore.spark.scan;

import io.alexstore.key.KeyCodec;
import io.alexstore.key.KeyRanges;
import io.alexstore.log.Snapshot;
import io.alexstore.schema.Column;
import io.alexstore.schema.SchemaJson;
import io.alexstore.spark.conf.AlexStoreOptions;
import io.alexstore.spark.conf.LookupJoinMode;
import io.alexstore.spark.conf.TableStorage;
import io.alexstore.spark.convert.SparkSchemas;
import io.alexstore.spark.read.AlexReaderFactory;
import io.alexstore.spark.read.DriverRows;
import io.alexstore.spark.read.MetadataColumns;
import io.alexstore.spark.read.ScanMetrics;
import io.alexstore.spark.read.SegmentSlice;
import io.alexstore.spark.read.ZoneFilter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.NullOrdering;
import org.apache.spark.sql.connector.expressions.SortDirection;
import org.apache.spark.sql.connector.expressions.SortOrder;
import org.apache.spark.sql.connector.expressions.filter.Or;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.Statistics;
import org.apache.spark.sql.connector.read.SupportsReportOrdering;
import org.apache.spark.sql.connector.read.SupportsReportStatistics;
import org.apache.spark.sql.connector.read.SupportsRuntimeV2Filtering;
import org.apache.spark.sql.connector.read.colstats.ColumnStatistics;
import org.apache.spark.sql.types.StructType;

/**
 * A scan of one version of a table: some columns of the rows whose keys are in some ranges. Scans
 * of the same rows are equal, so that Spark reads them once.
 */
final class AlexScan
    implements Scan,
        Batch,
        SupportsReportStatistics,
        SupportsRuntimeV2Filtering,
        SupportsReportOrdering,
        OrderedScan,
        KeyedScan,
        LookupScan {

  /** What a filter said of a scan. */
  private record Filtered(Object identity, KeyRanges ranges) {}

  /** The last filter of this thread, for the toBatch that follows it. */
  private static final ThreadLocal<Filtered> FILTERED = new ThreadLocal<>();

  private static final int MAX_RANGES_SHOWN = 5;
  private static final String ON_DRIVER = ", answered on the driver";

  private final TableStorage storage;
  private final Snapshot snapshot;
  private final CandidateRows candidates;
  // With the fields that are read, of those that have some.
  private final List<Column> columns;
  private final KeyRanges ranges;
  private final ZoneFilter zones;
  private final RowSelection selection;
  private final SplitSize splitSize;
  private final RuntimeKeys takesKeys;
  private final int maxRuntimeKeys;
  private final StructType readSchema;
  private LookupJoinMode lookupJoin = LookupJoinMode.AUTO;
  private int driverRows;
  private long driverBytes;
  private List<SegmentPart> parts;
  // Null if partitions need not be in the order of the key.
  private InputPartition[] inKeyOrder;
  private int together;
  private boolean estimatesColumns;
  // Null before they were asked for.
  private Map<NamedReference, ColumnStatistics> columnStats;
  private final Object identity = new Object();
  // The scan that was planned last after a filter; null if none was.
  private volatile AlexScan narrowed;

  /**
   * A scan.
   *
   * @param candidates the rows with the keys that are asked for
   * @param columns the columns, and in them the fields, that are read
   * @param selection which of the rows
   * @param takesKeys which keys that the query finds out narrow it
   * @param maxRuntimeKeys so many of these at most are looked up one by one
   */
  AlexScan(
      CandidateRows candidates,
      List<Column> columns,
      ZoneFilter zones,
      RowSelection selection,
      SplitSize splitSize,
      RuntimeKeys takesKeys,
      int maxRuntimeKeys) {
    this.storage = candidates.storage();
    this.snapshot = candidates.snapshot();
    this.ranges = candidates.ranges();
    this.candidates = candidates;
    this.columns = List.copyOf(columns);
    this.zones = zones;
    this.selection = selection;
    this.splitSize = splitSize;
    this.takesKeys = takesKeys;
    this.maxRuntimeKeys = maxRuntimeKeys;
    this.readSchema = SparkSchemas.toSpark(columns);
  }

  /** Says that columns are to be estimated, too. */
  AlexScan withColumnEstimates(boolean wanted) {
    estimatesColumns = wanted;
    return this;
  }

  /** Says how joins may look keys up instead of scanning. */
  AlexScan withLookups(AlexStoreOptions options) {
    lookupJoin = options.lookupJoin();
    driverRows = options.localScanRows();
    driverBytes = options.localScanBytes();
    return this;
  }

  @Override
  public Optional<LookupTarget> lookupTarget() {
    return selection.equals(RowSelection.ALL)
        ? Optional.of(
            new LookupTarget(
                storage, snapshot, readSchema, ranges, lookupJoin, driverRows, driverBytes))
        : Optional.empty();
  }

  /** The rows if they are few and it is known which they are, read here and now. */
  Optional<AlexLocalScan> answerLocally(int maxRows, long maxBytes) {
    if (maxRows == 0 || (ranges.isAll() && !selection.isCut())) {
      return Optional.empty();
    }
    long rows = 0;
    List<SegmentSlice> slices = new ArrayList<>();
    for (SegmentPart part : parts()) {
      rows += part.rows();
      if (rows > maxRows || part.ranges() != null) {
        return Optional.empty();
      }
      slices.add(part.slice(snapshot.table()));
    }
    try {
      return DriverRows.read(storage.store(), slices, snapshot.schema(), columns, maxBytes)
          .map(found -> new AlexLocalScan(readSchema, found, this, describe(ON_DRIVER)));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read rows of " + snapshot.table(), e);
    }
  }

  /** The aggregates of the rows, if it is known which rows they are, and metadata tells them. */
  Optional<AlexLocalScan> aggregateLocally(List<PushedAggregate> aggregates) {
    if (!candidates.areKnown()) {
      return Optional.empty();
    }
    String shown =
        aggregates.stream().map(PushedAggregate::toString).collect(Collectors.joining(", "));
    return new KeyAggregates(storage, snapshot, parts())
        .answer(aggregates, this, describe(", " + shown + ON_DRIVER));
  }

  private synchronized List<SegmentPart> parts() {
    if (parts == null) {
      parts = RowSelector.select(candidates, selection);
    }
    return parts;
  }

  @Override
  public StructType readSchema() {
    return readSchema;
  }

  @Override
  public Batch toBatch() {
    Filtered filtered = FILTERED.get();
    if (filtered == null || filtered.identity() != identity) {
      return this;
    }
    FILTERED.remove();
    narrowed = within(filtered.ranges());
    return narrowed;
  }

  private AlexScan within(KeyRanges keys) {
    return new AlexScan(
        candidates.within(keys), columns, zones, selection, splitSize, takesKeys, maxRuntimeKeys);
  }

  private KeyRanges keys(Predicate... predicates) {
    return new KeyPredicates(KeyCodec.of(snapshot.schema())).analyze(List.of(predicates)).ranges();
  }

  @Override
  public Optional<AlexLocalScan> rowsWhere(Predicate keys, int maxRows, long maxBytes) {
    return within(keys(keys)).answerLocally(maxRows, maxBytes);
  }

  // --- what a query finds out while it runs ---

  @Override
  public NamedReference[] filterAttributes() {
    if (selection.isCut()) {
      return new NamedReference[0]; // Others would be the first ones.
    }
    List<String> read = List.of(readSchema.fieldNames());
    int most =
        switch (takesKeys) {
          case NONE -> 0;
          case OF_JOIN -> Integer.MAX_VALUE;
          case OF_MERGE -> 1;
        };
    return snapshot.schema().keyColumns().stream()
        .limit(most)
        .map(Column::name)
        .filter(read::contains)
        .map(ColumnEstimates::reference)
        .toArray(NamedReference[]::new);
  }

  /**
   * Takes the keys that the other side of a join has. Spark asks for the batch next. The scan
   * itself stays as it is: another part of a plan, which joins with other keys, may have it too.
   */
  @Override
  public void filter(Predicate[] predicates) {
    Predicate[] given =
        takesKeys == RuntimeKeys.OF_MERGE
            ? Arrays.stream(predicates).map(AlexScan::orNull).toArray(Predicate[]::new)
            : predicates;
    FILTERED.set(new Filtered(identity, keys(given).coarsened(maxRuntimeKeys)));
  }

  /** A predicate on one column that rows fulfil, too, where the column is null. */
  private static Predicate orNull(Predicate predicate) {
    Expression[] column = {predicate.children()[0]};
    return new Or(predicate, new Predicate("IS_NULL", column));
  }

  @Override
  public CustomMetric[] supportedCustomMetrics() {
    return ScanMetrics.all();
  }

  @Override
  public CustomTaskMetric[] reportDriverMetrics() {
    AlexScan last = narrowed;
    if (last != null) {
      return last.reportDriverMetrics();
    }
    long read = segmentsRead();
    return new CustomTaskMetric[] {
      new ScanMetrics.Value(ScanMetrics.SegmentsRead.NAME, read),
      new ScanMetrics.Value(ScanMetrics.SegmentsPruned.NAME, snapshot.segments().size() - read),
      new ScanMetrics.Value(
          ScanMetrics.KeysLookedUp.NAME, ranges.isAll() ? 0 : ranges.list().size())
    };
  }

  private long segmentsRead() {
    return parts().stream().map(part -> part.segment().id()).distinct().count();
  }

  @Override
  public synchronized InputPartition[] planInputPartitions() {
    if (inKeyOrder != null) {
      return inKeyOrder.clone();
    } else if (selection.isMerged()) {
      return parts().isEmpty()
          ? new InputPartition[0]
          : new InputPartition[] {Splits.partition(snapshot.table(), parts())};
    }
    return Splits.plan(snapshot.table(), parts(), splitSize);
  }

  // --- the order of the rows ---

  @Override
  public List<String> orderColumns() {
    List<String> read = List.of(readSchema.fieldNames());
    return snapshot.schema().keyColumns().stream()
        .map(Column::name)
        .takeWhile(read::contains)
        .toList();
  }

  /** That of each partition, if it is one whatever the partitions are. */
  @Override
  public SortOrder[] outputOrdering() {
    if (!KeyOrder.isSorted(parts())) {
      return new SortOrder[0];
    }
    return orderColumns().stream()
        .map(ColumnEstimates::reference)
        .map(c -> Expressions.sort(c, SortDirection.ASCENDING, NullOrdering.NULLS_FIRST))
        .toArray(SortOrder[]::new);
  }

  @Override
  public synchronized boolean keepTogether(int firstColumns) {
    if (together == 0 && KeyOrder.isSorted(parts())) {
      inKeyOrder =
          KeyOrder.plan(storage, snapshot.schema(), parts(), splitSize, firstColumns).orElse(null);
      together = inKeyOrder == null ? 0 : firstColumns;
    }
    // Rows that are equal in more columns are among those that are equal in fewer.
    return together > 0 && together <= firstColumns;
  }

  @Override
  public synchronized int together() {
    return together;
  }

  @Override
  public synchronized int partitions() {
    return inKeyOrder == null ? 0 : inKeyOrder.length;
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return new AlexReaderFactory(storage, SchemaJson.toText(snapshot.schema()), readSchema, zones);
  }

  /**
   * Rows and bytes after pruning, and columns' statistics where they were asked for. The bytes are
   * those of the columns that are read, as far as their types tell.
   */
  @Override
  public Statistics estimateStatistics() {
    long rows = parts().stream().mapToLong(SegmentPart::rows).sum();
    long bytes = parts().stream().mapToLong(SegmentPart::bytes).sum();
    int all = SparkSchemas.toSpark(snapshot.schema()).defaultSize();
    double share = Math.min(1, (double) readSchema.defaultSize() / Math.max(1, all));
    return new ScanStatistics(
        OptionalLong.of(Math.max(1, (long) (bytes * share))), OptionalLong.of(rows), columnStats());
  }

  private synchronized Map<NamedReference, ColumnStatistics> columnStats() {
    if (columnStats == null) {
      List<Column> asked =
          estimatesColumns
              ? columns.stream().filter(column -> !MetadataColumns.isMetadata(column)).toList()
              : List.of();
      Set<Integer> ids = asked.stream().map(Column::id).collect(Collectors.toSet());
      columnStats = ColumnEstimates.of(asked, TableStatistics.of(storage, snapshot, parts(), ids));
    }
    return columnStats;
  }

  @Override
  public String description() {
    return describe(zones.equals(ZoneFilter.ALL) ? "" : ", row groups by their statistics");
  }

  private String describe(String more) {
    KeyCodec codec = KeyCodec.of(snapshot.schema());
    String keys =
        ranges.isAll()
            ? "all"
            : ranges.isEmpty() ? "none" : ranges.describe(codec, MAX_RANGES_SHOWN);
    return "alexstore "
        + snapshot.table()
        + " [version "
        + snapshot.version()
        + ", "
        + SparkSchemas.describeKey(snapshot.schema())
        + ", key ranges: "
        + keys
        + ", segments "
        + segmentsRead()
        + " of "
        + snapshot.segments().size()
        + ", rows "
        + parts().stream().mapToLong(SegmentPart::rows).sum()
        + " of "
        + snapshot.rows()
        + selection.describe()
        + prunedFields()
        + more
        + "]";
  }

  /** The columns of which only some fields are read, with these. */
  private String prunedFields() {
    String fields =
        columns.stream()
            .filter(column -> !MetadataColumns.isMetadata(column))
            .filter(column -> !snapshot.schema().columns().contains(column))
            .map(column -> SparkSchemas.toSpark(List.of(column)).fields()[0])
            .map(field -> field.name() + " " + field.dataType().catalogString())
            .collect(Collectors.joining(", "));
    return fields.isEmpty() ? "" : ", of nested columns only " + fields;
  }

  @Override
  public String toString() {
    return description() + " " + columns.stream().map(Column::name).toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AlexScan o
        && snapshot.tableId().equals(o.snapshot.tableId())
        && snapshot.version() == o.snapshot.version()
        && snapshot.table().equals(o.snapshot.table())
        && columns.equals(o.columns)
        && ranges.equals(o.ranges)
        && zones.equals(o.zones)
        && selection.equals(o.selection);
  }

  @Override
  public int hashCode() {
    return Objects.hash(snapshot.tableId(), snapshot.version(), columns, ranges, zones, selection);
  }
}
