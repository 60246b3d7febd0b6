package io.alexstore.spark.read;

import io.alexstore.key.KeyRanges;
import io.alexstore.log.SegmentEntry;
import io.alexstore.spark.conf.TableStorage;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.types.StructType;

/**
 * What a task needs to look keys up in one version of a table.
 *
 * @param storage where the table's files are
 * @param schemaJson the table's schema, as {@link io.alexstore.schema.SchemaJson} writes it
 * @param readSchema the columns, and in them the fields, that are read
 * @param segments the segments in which rows may be, in the order of their smallest keys
 * @param bounds the keys that rows must have; null if any will do
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier that is never compared.
public record LookupSource(
    TableStorage storage,
    String schemaJson,
    StructType readSchema,
    SegmentEntry[] segments,
    KeyBounds bounds)
    implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Of a version's segments, in the order that it has them. */
  public static LookupSource of(
      TableStorage storage,
      String schemaJson,
      StructType readSchema,
      List<SegmentEntry> segments,
      KeyRanges ranges) {
    return new LookupSource(
        storage,
        schemaJson,
        readSchema,
        segments.toArray(SegmentEntry[]::new),
        ranges.isAll() ? null : KeyBounds.of(ranges));
  }
}
