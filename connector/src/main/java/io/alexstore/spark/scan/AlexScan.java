package io.alexstore.spark.scan;

import io.alexstore.key.KeyCodec;
import io.alexstore.key.KeyRanges;
import io.alexstore.log.Snapshot;
import io.alexstore.schema.Column;
import io.alexstore.schema.SchemaJson;
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
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.filter.Or;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.Statistics;
import org.apache.spark.sql.connector.read.SupportsReportStatistics;
import org.apache.spark.sql.connector.read.SupportsRuntimeV2Filtering;
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
        KeyedScan,
        LookupScan {

  /** What a filter said of a scan. */
  private record Filtered(Object identity, KeyRanges ranges) {}

  /** The last filter of this thread, for the toBatch that follows it. */
  private static final ThreadLocal<Filtered> FILTERED = new ThreadLocal<>();

  /** For a scan of all rows. */
  static final int NO_LIMIT = -1;

  private static final int MAX_RANGES_SHOWN = 5;
  private static final String ON_DRIVER = ", answered on the driver";

  private final TableStorage storage;
  private final Snapshot snapshot;
  // With the fields that are read, of those that have some.
  private final List<Column> columns;
  private final KeyRanges ranges;
  private final ZoneFilter zones;
  private final int limit;
  private final SplitSize splitSize;
  private final RuntimeKeys takesKeys;
  private final StructType readSchema;
  private LookupJoinMode lookupJoin = LookupJoinMode.AUTO;
  private List<SegmentPart> parts;
  private final Object identity = new Object();
  // The scan that was planned last after a filter; null if none was.
  private volatile AlexScan narrowed;

  /**
   * A scan.
   *
   * @param columns the columns, and in them the fields, that are read
   * @param limit how many rows are enough, or {@link #NO_LIMIT}
   * @param takesKeys which keys that the query finds out narrow it
   */
  AlexScan(
      TableStorage storage,
      Snapshot snapshot,
      List<Column> columns,
      KeyRanges ranges,
      ZoneFilter zones,
      int limit,
      SplitSize splitSize,
      RuntimeKeys takesKeys) {
    this.storage = storage;
    this.snapshot = snapshot;
    this.columns = List.copyOf(columns);
    this.ranges = ranges;
    this.zones = zones;
    this.limit = limit;
    this.splitSize = splitSize;
    this.takesKeys = takesKeys;
    this.readSchema = SparkSchemas.toSpark(columns);
  }

  /** Says whether joins may look keys up instead of scanning. */
  AlexScan withLookupJoin(LookupJoinMode mode) {
    lookupJoin = mode;
    return this;
  }

  @Override
  public Optional<LookupTarget> lookupTarget() {
    return limit == NO_LIMIT
        ? Optional.of(new LookupTarget(storage, snapshot, readSchema, ranges, lookupJoin))
        : Optional.empty();
  }

  /** The rows if they are few and it is known which they are, read here and now. */
  Optional<AlexLocalScan> answerLocally(int maxRows, long maxBytes) {
    if (maxRows == 0 || (ranges.isAll() && limit == NO_LIMIT)) {
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

  /** The aggregates of the rows, if it is known which rows they are. */
  Optional<AlexLocalScan> aggregateLocally(List<String> aggregates) {
    if (parts().stream().anyMatch(part -> part.ranges() != null)) {
      return Optional.empty();
    }
    String description = describe(", " + String.join(", ", aggregates) + ON_DRIVER);
    return Optional.of(
        new KeyAggregates(storage, snapshot, parts()).answer(aggregates, this, description));
  }

  private synchronized List<SegmentPart> parts() {
    if (parts == null) {
      List<SegmentPart> all = SegmentPruning.prune(storage, snapshot, ranges);
      parts = limit == NO_LIMIT ? all : enough(all);
    }
    return parts;
  }

  /** As many of the first parts as are needed; all if it is not known how many rows they have. */
  private List<SegmentPart> enough(List<SegmentPart> all) {
    List<SegmentPart> some = new ArrayList<>();
    long missing = limit;
    for (SegmentPart part : all) {
      if (part.ranges() != null) {
        return all;
      } else if (missing == 0) {
        break;
      }
      SegmentPart first = first(part, missing);
      some.add(first);
      missing -= first.rows();
    }
    return some;
  }

  private SegmentPart first(SegmentPart part, long count) {
    if (count >= part.rows()) {
      return part;
    }
    try {
      return part.first(count, part.deleted(snapshot.table()).read(storage.store()));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read deleted rows of " + snapshot.table(), e);
    }
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
        storage, snapshot, columns, ranges.intersect(keys), zones, limit, splitSize, takesKeys);
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
        .map(name -> Expressions.column("`" + name.replace("`", "``") + "`"))
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
    FILTERED.set(new Filtered(identity, keys(given)));
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
    int read = parts().size();
    return new CustomTaskMetric[] {
      new ScanMetrics.Value(ScanMetrics.SegmentsRead.NAME, read),
      new ScanMetrics.Value(
          ScanMetrics.SegmentsPruned.NAME, snapshot.segments().size() - (long) read),
      new ScanMetrics.Value(
          ScanMetrics.KeysLookedUp.NAME, ranges.isAll() ? 0 : ranges.list().size())
    };
  }

  @Override
  public InputPartition[] planInputPartitions() {
    return Splits.plan(snapshot.table(), parts(), splitSize);
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return new AlexReaderFactory(storage, SchemaJson.toText(snapshot.schema()), readSchema, zones);
  }

  /**
   * Rows and bytes after pruning. The bytes are those of the columns that are read, as far as their
   * types tell.
   */
  @Override
  public Statistics estimateStatistics() {
    long rows = parts().stream().mapToLong(SegmentPart::rows).sum();
    long bytes = parts().stream().mapToLong(SegmentPart::bytes).sum();
    int all = SparkSchemas.toSpark(snapshot.schema()).defaultSize();
    double share = Math.min(1, (double) readSchema.defaultSize() / Math.max(1, all));
    return new ScanStatistics(
        OptionalLong.of(Math.max(1, (long) (bytes * share))), OptionalLong.of(rows));
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
        + parts().size()
        + " of "
        + snapshot.segments().size()
        + ", rows "
        + parts().stream().mapToLong(SegmentPart::rows).sum()
        + " of "
        + snapshot.rows()
        + (limit == NO_LIMIT ? "" : ", limit " + limit)
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
        && limit == o.limit;
  }

  @Override
  public int hashCode() {
    return Objects.hash(snapshot.tableId(), snapshot.version(), columns, ranges, zones, limit);
  }
}
