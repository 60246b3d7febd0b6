package io.alexstore.spark.metadata;

import io.alexstore.log.Snapshot;
import io.alexstore.schema.Column;
import io.alexstore.schema.ColumnType;
import io.alexstore.schema.DecimalType;
import io.alexstore.schema.ScalarType;
import io.alexstore.segment.ColumnSummary;
import io.alexstore.spark.conf.TableStorage;
import io.alexstore.spark.convert.ResultRows;
import io.alexstore.spark.convert.SparkSchemas;
import io.alexstore.spark.scan.TableStatistics;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.InternalRow;

/** The rows of {@link MetadataKind#COLUMN_STATISTICS}. */
final class ColumnRows {

  private ColumnRows() {}

  /** One for each column; nulls where nothing is known of it. */
  static List<InternalRow> of(Snapshot snapshot, TableStorage storage) {
    List<Column> columns = snapshot.schema().columns();
    Map<Integer, ColumnSummary> known =
        TableStatistics.of(
            storage, snapshot, columns.stream().map(Column::id).collect(Collectors.toSet()));
    return columns.stream().map(column -> row(column, known.get(column.id()))).toList();
  }

  private static InternalRow row(Column column, ColumnSummary known) {
    String type = SparkSchemas.toSpark(List.of(column)).fields()[0].dataType().sql();
    if (known == null) {
      return ResultRows.of(column.name(), type, null, null, null, null, null, null, null);
    }
    return ResultRows.of(
        column.name(),
        type,
        known.rows(),
        known.nullCount(),
        known.distinctCount(),
        known.min().map(bound -> text(column.type(), bound)).orElse(null),
        known.max().map(bound -> text(column.type(), bound)).orElse(null),
        orNull(known.averageLength()),
        orNull(known.maxLength()));
  }

  private static Long orNull(OptionalLong number) {
    return number.isPresent() ? number.getAsLong() : null;
  }

  private static String text(ColumnType type, Comparable<?> bound) {
    if (type instanceof DecimalType decimal) {
      return new BigDecimal((BigInteger) bound, decimal.scale()).toPlainString();
    } else if (type == ScalarType.DATE) {
      return LocalDate.ofEpochDay((Long) bound).toString();
    } else if (type == ScalarType.TIMESTAMP) {
      return moment((Long) bound).toString();
    } else if (type == ScalarType.TIMESTAMP_NTZ) {
      return LocalDateTime.ofInstant(moment((Long) bound), ZoneOffset.UTC).toString();
    } else if (type == ScalarType.BOOLEAN) {
      return Boolean.toString((Long) bound != 0);
    }
    return bound.toString();
  }

  private static Instant moment(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
