package io.alexstore.spark.procedure;

import io.alexstore.log.Snapshot;
import io.alexstore.log.TableLog;
import io.alexstore.maintain.Compaction;
import io.alexstore.maintain.OrphanFiles;
import io.alexstore.maintain.Rollback;
import io.alexstore.maintain.SnapshotExpiry;
import io.alexstore.maintain.TableVerifier;
import io.alexstore.spark.conf.AlexStoreOptions;
import io.alexstore.spark.conf.TableProperties;
import io.alexstore.spark.table.AlexStoreTable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.procedures.ProcedureParameter;
import org.apache.spark.sql.connector.catalog.procedures.UnboundProcedure;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * The procedures of a catalog, in its namespace {@code system}: {@code CALL c.system.compact(table
 * => 'db.orders')}. Thread safety: safe for any number of threads.
 */
public final class Procedures {

  static final String TABLE = "table";

  private static final String NAMESPACE = "system";
  private static final String TARGET_SEGMENT_SIZE = "target_segment_size";
  private static final String MIN_DELETED_SHARE = "min_deleted_share";
  private static final String REWRITE_ALL = "rewrite_all";
  private static final String OLDER_THAN = "older_than";
  private static final String RETENTION_PERIOD = "retention_period";
  private static final String GRACE_PERIOD = "grace_period";
  private static final String RETAIN_LAST = "retain_last";
  private static final String DRY_RUN = "dry_run";
  private static final String VERSION = "version";
  private static final String TIMESTAMP = "timestamp";

  private static final ProcedureParameter DRY_RUN_PARAMETER =
      optional(DRY_RUN, DataTypes.BooleanType, "true: delete nothing, say what would be deleted");

  private final Map<String, TableProcedure> all = new TreeMap<>();
  private final TableFinder tables;

  /** Those of a catalog that finds its tables in its way. */
  public Procedures(TableFinder tables) {
    this.tables = tables;
    add(
        "compact",
        "Merges small segments, and writes those anew of which much is deleted.",
        List.of(
            optional(
                TARGET_SEGMENT_SIZE,
                DataTypes.StringType,
                "at how many bytes a new segment begins, such as '256m' (the table's)"),
            optional(
                MIN_DELETED_SHARE,
                DataTypes.DoubleType,
                "from which share of deleted rows on a segment is written anew ("
                    + Compaction.DEFAULT_MIN_DELETED_SHARE
                    + ")"),
            optional(
                REWRITE_ALL,
                DataTypes.BooleanType,
                "true: write all segments anew, so that their keys do not overlap")),
        "version BIGINT, commits INT, removed_segments INT, added_segments INT, rows BIGINT,"
            + " bytes BIGINT",
        Procedures::compact);
    add(
        "expire_snapshots",
        "Gives old versions up, and deletes the files that only they have.",
        List.of(
            optional(
                OLDER_THAN,
                DataTypes.TimestampType,
                "keep what was the newest version then or later"),
            optional(
                RETENTION_PERIOD,
                DataTypes.StringType,
                "or: so long ago or later, such as '7 days' (the table's "
                    + TableProperties.RETENTION_PERIOD
                    + ")"),
            optional(
                RETAIN_LAST,
                DataTypes.LongType,
                "how many of the newest versions to keep, however old (the table's "
                    + TableProperties.RETENTION_VERSIONS
                    + ")"),
            DRY_RUN_PARAMETER),
        "oldest_version BIGINT, expired_versions BIGINT, deleted_files BIGINT,"
            + " deleted_bytes BIGINT, files ARRAY<STRING>",
        Procedures::expire);
    add(
        "rollback",
        "Makes the rows, columns and properties of an earlier version those of a new one.",
        List.of(
            optional(VERSION, DataTypes.LongType, "the version to go back to"),
            optional(TIMESTAMP, DataTypes.TimestampType, "or: the one that was the newest then")),
        "previous_version BIGINT, restored_version BIGINT, version BIGINT, segments INT,"
            + " rows BIGINT",
        Procedures::rollback);
    add(
        "remove_orphan_files",
        "Deletes files that no version names, which failed writes have left.",
        List.of(
            optional(
                OLDER_THAN,
                DataTypes.TimestampType,
                "leave alone what was modified later: writes that are under way have such files, so"
                    + " at least an hour ago, before the longest write began"),
            optional(GRACE_PERIOD, DataTypes.StringType, "or: so long ago or later ('3 days')"),
            DRY_RUN_PARAMETER),
        "deleted_files BIGINT, deleted_bytes BIGINT, files ARRAY<STRING>",
        Procedures::removeOrphans);
    add(
        "verify",
        "Reads all of the newest version and says what is wrong with it. Changes nothing.",
        List.of(),
        "version BIGINT, segments INT, rows BIGINT, is_clean BOOLEAN,"
            + " findings ARRAY<STRUCT<file: STRING, check: STRING, problem: STRING>>",
        Procedures::verify);
  }

  private void add(
      String name,
      String description,
      List<ProcedureParameter> parameters,
      String result,
      TableProcedure.Body body) {
    List<ProcedureParameter> withTable = new ArrayList<>();
    withTable.add(
        ProcedureParameter.in(TABLE, DataTypes.StringType)
            .comment("the table's name in this catalog, or its path")
            .build());
    withTable.addAll(parameters);
    all.put(name, new TableProcedure(name, description, withTable, result, tables, body));
  }

  private static ProcedureParameter optional(String name, DataType type, String comment) {
    return ProcedureParameter.in(name, type).defaultValue("NULL").comment(comment).build();
  }

  /**
   * The procedure of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public UnboundProcedure load(Identifier ident) {
    UnboundProcedure procedure =
        isSystem(ident.namespace()) ? all.get(ident.name().toLowerCase(Locale.ROOT)) : null;
    if (procedure == null) {
      throw new IllegalArgumentException(
          "alexstore has no procedure "
              + ident
              + ". There are, in the namespace "
              + NAMESPACE
              + " of a catalog: "
              + String.join(", ", all.keySet()));
    }
    return procedure;
  }

  /** The procedures in a namespace; those of the whole catalog are in {@code system}. */
  public Identifier[] list(String... namespace) {
    return isSystem(namespace)
        ? all.keySet().stream()
            .map(name -> Identifier.of(new String[] {NAMESPACE}, name))
            .toArray(Identifier[]::new)
        : new Identifier[0];
  }

  private static boolean isSystem(String... namespace) {
    return namespace.length == 1 && namespace[0].equalsIgnoreCase(NAMESPACE);
  }

  // --- what they do ---

  private static Snapshot newest(AlexStoreTable table) throws IOException {
    return new TableLog(table.store(), table.path()).load();
  }

  private static Object[] compact(AlexStoreTable table, Arguments arguments) throws IOException {
    AlexStoreOptions options =
        new AlexStoreOptions(
            arguments
                .text(TARGET_SEGMENT_SIZE)
                .map(size -> Map.of(AlexStoreOptions.TARGET_SEGMENT_SIZE, size))
                .orElse(Map.of()));
    Snapshot newest = newest(table);
    Compaction compaction =
        Compaction.of(table.store(), table.path())
            .from(newest)
            .targetSegmentSize(options.targetSegmentSize(newest.properties()));
    arguments
        .decimal(MIN_DELETED_SHARE)
        .ifPresent(
            share -> {
              if (!(share > 0)) {
                throw arguments.wrong(MIN_DELETED_SHARE, share + ", but must be above 0");
              }
              compaction.minDeletedShare(share);
            });
    if (arguments.flag(REWRITE_ALL)) {
      compaction.all();
    }
    Compaction.Result result = compaction.run();
    return new Object[] {
      result.snapshot().version(),
      result.commits(),
      result.removedSegments(),
      result.addedSegments(),
      result.rows(),
      result.bytes()
    };
  }

  private static Object[] expire(AlexStoreTable table, Arguments arguments) throws IOException {
    Map<String, String> properties = newest(table).properties();
    Instant olderThan =
        arguments
            .pastTime(OLDER_THAN, RETENTION_PERIOD)
            .orElseGet(() -> Instant.now().minus(TableProperties.retentionPeriod(properties)));
    long retain =
        arguments
            .number(RETAIN_LAST)
            .orElseGet(() -> (long) TableProperties.retentionVersions(properties));
    if (retain < 1 || retain > Integer.MAX_VALUE) {
      throw arguments.wrong(RETAIN_LAST, retain + ", but must be a number of versions from 1");
    }
    SnapshotExpiry expiry =
        SnapshotExpiry.of(table.store(), table.path())
            .olderThan(olderThan.toEpochMilli())
            .keepLast((int) retain);
    if (arguments.flag(DRY_RUN)) {
      expiry.dryRun();
    }
    SnapshotExpiry.Result result = expiry.run();
    return new Object[] {
      result.expiredBefore(),
      result.expiredVersions(),
      (long) result.deletedFiles().size(),
      result.deletedBytes(),
      result.deletedFiles()
    };
  }

  private static Object[] rollback(AlexStoreTable table, Arguments arguments) throws IOException {
    Optional<Long> version = arguments.number(VERSION);
    Optional<Instant> time = arguments.time(TIMESTAMP);
    if (version.isPresent() == time.isPresent()) {
      throw new IllegalArgumentException(
          "rollback needs either version => <number> or timestamp => <time>, and was given "
              + (version.isPresent() ? "both" : "neither"));
    }
    TableLog log = new TableLog(table.store(), table.path());
    Snapshot before = log.load();
    long target = version.isPresent() ? version.get() : log.versionAt(before, time.orElseThrow());
    Snapshot after = Rollback.to(table.store(), table.path(), target);
    return new Object[] {
      before.version(), target, after.version(), after.segments().size(), after.rows()
    };
  }

  private static Object[] removeOrphans(AlexStoreTable table, Arguments arguments)
      throws IOException {
    OrphanFiles orphans = OrphanFiles.of(table.store(), table.path());
    Optional<Instant> olderThan = arguments.pastTime(OLDER_THAN, GRACE_PERIOD);
    if (olderThan.isPresent()) {
      Duration grace = Duration.between(olderThan.get(), Instant.now());
      if (grace.compareTo(OrphanFiles.MIN_GRACE) < 0) {
        throw arguments.wrong(
            arguments.text(GRACE_PERIOD).isPresent() ? GRACE_PERIOD : OLDER_THAN,
            arguments.text(GRACE_PERIOD).orElseGet(() -> olderThan.get().toString())
                + ", and could delete files of writes that are under way: it must be at least"
                + " an hour, and longer than the longest write");
      }
      orphans.grace(grace);
    }
    if (arguments.flag(DRY_RUN)) {
      orphans.dryRun();
    }
    OrphanFiles.Result result = orphans.run();
    return new Object[] {(long) result.files().size(), result.bytes(), result.files()};
  }

  private static Object[] verify(AlexStoreTable table, Arguments arguments) throws IOException {
    TableVerifier.Report report = TableVerifier.verify(table.store(), table.path());
    return new Object[] {
      report.version(),
      report.segments(),
      report.rows(),
      report.isClean(),
      report.findings().stream()
          .map(finding -> new Object[] {finding.file(), finding.check(), finding.what()})
          .toList()
    };
  }
}
