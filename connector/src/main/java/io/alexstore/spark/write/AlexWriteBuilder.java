package io.alexstore.spark.write;

import io.alexstore.key.KeyRanges;
import io.alexstore.schema.Schema;
import io.alexstore.spark.conf.TableStorage;
import io.alexstore.spark.convert.SparkSchemas;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.connector.expressions.filter.AlwaysTrue;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.SupportsDynamicOverwrite;
import org.apache.spark.sql.connector.write.SupportsOverwriteV2;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** An append, unless Spark says that it is an overwrite. Not thread-safe. */
public final class AlexWriteBuilder implements SupportsOverwriteV2, SupportsDynamicOverwrite {

  private final TableStorage storage;
  private final String table;
  private final Schema schema;
  private final WriteStart start;
  private final long targetSegmentSize;
  private final Function<Predicate[], Optional<KeyRanges>> conditions;
  private final Conflicts conflicts;
  private WriteMode mode;

  /**
   * A builder.
   *
   * @param storage where the table is
   * @param schema the table's schema
   * @param info what Spark wants to write
   * @param start begins the write, when Spark starts the job
   * @param conflicts what becomes of rows whose keys are there already
   * @param targetSegmentSize at how many encoded bytes a new segment is begun
   * @param conditions the keys of exactly the rows that fulfil all of some predicates; empty if
   *     that cannot be said by keys
   */
  public AlexWriteBuilder(
      TableStorage storage,
      Schema schema,
      LogicalWriteInfo info,
      WriteStart start,
      Conflicts conflicts,
      long targetSegmentSize,
      Function<Predicate[], Optional<KeyRanges>> conditions) {
    requireColumns(storage.table(), SparkSchemas.toSpark(schema), info.schema());
    this.storage = storage;
    this.table = storage.table();
    this.schema = schema;
    this.start = start;
    this.conflicts = conflicts;
    this.mode = new WriteMode.Append(conflicts.onConflict());
    this.targetSegmentSize = targetSegmentSize;
    this.conditions = conditions;
  }

  /** Spark has mapped the columns by now; rows are read by position from here on. */
  private static void requireColumns(String table, StructType expected, StructType given) {
    boolean fits = expected.length() == given.length();
    for (int i = 0; fits && i < expected.length(); i++) {
      StructField a = expected.fields()[i];
      StructField b = given.fields()[i];
      fits =
          a.name().equals(b.name())
              && DataType.equalsStructurally(a.dataType(), b.dataType(), true);
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "The rows do not have the columns of the table at "
              + table
              + ": they have "
              + given.sql()
              + ", the table has "
              + expected.sql());
    }
  }

  @Override
  public WriteBuilder truncate() {
    mode = new WriteMode.Overwrite();
    return this;
  }

  /** A table without partitions is one partition: all rows go, as from Spark's own tables. */
  @Override
  public WriteBuilder overwriteDynamicPartitions() {
    return truncate();
  }

  @Override
  public boolean canOverwrite(Predicate[] predicates) {
    return true; // Those that cannot be are refused below, with a hint that Spark would not give.
  }

  @Override
  public WriteBuilder overwrite(Predicate[] predicates) {
    if (Arrays.stream(predicates).allMatch(AlwaysTrue.class::isInstance)) {
      return truncate();
    }
    KeyRanges ranges =
        conditions
            .apply(predicates)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Cannot overwrite the rows of the table at "
                            + table
                            + " where "
                            + Arrays.stream(predicates)
                                .map(Predicate::toString)
                                .collect(Collectors.joining(" AND "))
                            + ": a condition must say which keys go, by comparing columns of the "
                            + SparkSchemas.describeKey(schema)
                            + " with literals (=, IN, <, <=, >, >=, AND, OR). For other conditions"
                            + " read the rows that are to stay, and overwrite the table with these"
                            + " and the new ones"));
    mode = new WriteMode.OverwriteRanges(ranges);
    return this;
  }

  @Override
  public Write build() {
    return new AlexWrite(storage, schema, start, mode, conflicts, targetSegmentSize);
  }
}
