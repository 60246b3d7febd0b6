package io.alexstore.spark.scan;

import io.alexstore.key.KeyRanges;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.schema.SchemaJson;
import io.alexstore.spark.conf.LookupJoinMode;
import io.alexstore.spark.conf.TableStorage;
import io.alexstore.spark.read.LookupSource;
import java.util.List;
import org.apache.spark.sql.types.StructType;

/**
 * The rows of a scan, to be looked up by key: of the same version, with the same columns, and only
 * those whose keys are in the scan's ranges.
 *
 * @param storage where the table's files are
 * @param snapshot the version
 * @param readSchema the columns, and in them the fields, that are read
 * @param ranges the keys that rows must have
 * @param mode whether joins look keys up
 * @param driverRows up to how many rows are looked up on the driver, without a job; 0 for none
 * @param driverBytes up to how many bytes of such rows
 */
public record LookupTarget(
    TableStorage storage,
    Snapshot snapshot,
    StructType readSchema,
    KeyRanges ranges,
    LookupJoinMode mode,
    int driverRows,
    long driverBytes) {

  /** What tasks need to look keys up. */
  public LookupSource source() {
    List<SegmentEntry> segments =
        ranges.isAll() ? snapshot.segments() : snapshot.segmentsFor(ranges);
    return LookupSource.of(
        storage, SchemaJson.toText(snapshot.schema()), readSchema, segments, ranges);
  }
}
