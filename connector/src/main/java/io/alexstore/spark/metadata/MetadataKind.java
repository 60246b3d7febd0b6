package io.alexstore.spark.metadata;

import io.alexstore.key.KeyCodec;
import io.alexstore.key.KeyForm;
import io.alexstore.log.LogEntry;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.log.TableLog;
import io.alexstore.segment.SegmentInfo;
import io.alexstore.spark.conf.TableStorage;
import io.alexstore.spark.convert.ResultRows;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/** What there is to tell of a table, each a table of its own. */
public enum MetadataKind {
  /** The versions that can be read, oldest first, each as a whole. */
  SNAPSHOTS(
      "version BIGINT NOT NULL, committed_at TIMESTAMP NOT NULL, operation STRING NOT NULL,"
          + " commit_id STRING NOT NULL, segments INT NOT NULL, rows BIGINT NOT NULL,"
          + " deleted_rows BIGINT NOT NULL, bytes BIGINT NOT NULL, schema_id INT NOT NULL,"
          + " summary MAP<STRING, STRING> NOT NULL") {
    @Override
    List<InternalRow> rows(TableLog log, Snapshot upTo, TableStorage storage) throws IOException {
      List<InternalRow> rows = new ArrayList<>();
      log.forEachVersion(firstReadable(log, upTo), upTo, s -> rows.add(snapshot(s)));
      return rows;
    }
  },

  /** The segments of a version, in the order of their keys. */
  SEGMENTS(
      "segment STRING NOT NULL, path STRING NOT NULL, rows BIGINT NOT NULL,"
          + " deleted_rows BIGINT NOT NULL, bytes BIGINT NOT NULL, min_key STRING NOT NULL,"
          + " max_key STRING NOT NULL, added_in BIGINT NOT NULL, schema_id INT NOT NULL") {
    @Override
    List<InternalRow> rows(TableLog log, Snapshot upTo, TableStorage storage) {
      KeyCodec codec = KeyCodec.of(upTo.schema());
      return upTo.segments().stream().map(segment -> segment(codec, segment)).toList();
    }
  },

  /** The commits since the table was made, oldest first, each with what it changed. */
  HISTORY(
      "version BIGINT NOT NULL, committed_at TIMESTAMP NOT NULL, operation STRING NOT NULL,"
          + " is_readable BOOLEAN NOT NULL, added_segments INT NOT NULL,"
          + " removed_segments INT NOT NULL, changed_segments INT NOT NULL,"
          + " added_rows BIGINT NOT NULL, added_bytes BIGINT NOT NULL, writer STRING NOT NULL,"
          + " summary MAP<STRING, STRING> NOT NULL") {
    @Override
    List<InternalRow> rows(TableLog log, Snapshot upTo, TableStorage storage) throws IOException {
      long readable = firstReadable(log, upTo);
      return log.history(upTo).stream().map(entry -> commit(entry, readable)).toList();
    }
  },

  /** What is known of the columns of a version, in their order. */
  COLUMN_STATISTICS(
      "column STRING NOT NULL, type STRING NOT NULL, rows BIGINT, nulls BIGINT,"
          + " distinct_values BIGINT, min STRING, max STRING, average_length BIGINT,"
          + " max_length BIGINT") {
    @Override
    List<InternalRow> rows(TableLog log, Snapshot upTo, TableStorage storage) {
      return ColumnRows.of(upTo, storage);
    }
  };

  private final StructType columns;

  MetadataKind(String columns) {
    this.columns = StructType.fromDDL(columns);
  }

  /** The kind of a name, in any case; empty if there is none. */
  public static Optional<MetadataKind> named(String name) {
    return Arrays.stream(values()).filter(kind -> kind.name().equalsIgnoreCase(name)).findAny();
  }

  /** The names of all, for errors. */
  public static String allNames() {
    return Arrays.stream(values()).map(MetadataKind::lowerName).collect(Collectors.joining(", "));
  }

  /** Its name. */
  public String lowerName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Its columns. */
  public StructType columns() {
    return columns;
  }

  /** Its rows, which tell of a table up to a version. */
  abstract List<InternalRow> rows(TableLog log, Snapshot upTo, TableStorage storage)
      throws IOException;

  /** Which version is the first that can be read now, also where an older one is looked at. */
  private static long firstReadable(TableLog log, Snapshot upTo) throws IOException {
    return log.refresh(upTo).expiredBefore();
  }

  private static InternalRow snapshot(Snapshot snapshot) {
    return ResultRows.of(
        snapshot.version(),
        Instant.ofEpochMilli(snapshot.timestampMs()),
        snapshot.operation(),
        snapshot.commitId().toString(),
        snapshot.segments().size(),
        snapshot.rows(),
        snapshot.deletedRows(),
        snapshot.bytes(),
        snapshot.schema().id(),
        new TreeMap<>(snapshot.summary()));
  }

  private static InternalRow segment(KeyCodec codec, SegmentEntry segment) {
    return ResultRows.of(
        segment.id().toString(),
        segment.path(),
        segment.liveRows(),
        segment.deletedRows(),
        segment.bytes(),
        key(codec, segment.minKey()),
        key(codec, segment.maxKey()),
        segment.addedIn(),
        segment.schemaId());
  }

  private static String key(KeyCodec codec, byte[] key) {
    return codec.form() == KeyForm.LONG
        ? codec.format(SegmentInfo.longKey(key))
        : codec.format(key);
  }

  private static InternalRow commit(LogEntry entry, long readable) {
    return ResultRows.of(
        entry.version(),
        Instant.ofEpochMilli(entry.timestampMs()),
        entry.operation(),
        entry.version() >= readable,
        entry.added().size(),
        entry.removed().size(),
        entry.deletions().size(),
        entry.added().stream().mapToLong(SegmentEntry::rows).sum(),
        entry.added().stream().mapToLong(SegmentEntry::bytes).sum(),
        entry.writer(),
        new TreeMap<>(entry.summary()));
  }
}
