package io.alexstore.spark.convert;

import io.alexstore.spark.conf.SparkFeatures;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.ColumnDefaultValue;
import org.apache.spark.sql.connector.expressions.LiteralValue;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Columns of Spark's catalogs as fields, and back. What a column has beside its type stands in the
 * metadata of the field, under the names by which Spark itself keeps it there; so it is in the
 * table's schema, too.
 */
public final class SparkColumns {

  static final String COMMENT = "comment";

  /** The default for rows that name no value, as SQL; evaluated when they are written. */
  static final String CURRENT_DEFAULT = "CURRENT_DEFAULT";

  /** What the default was when the column was made; rows of before that have it. */
  private static final String EXISTS_DEFAULT = "EXISTS_DEFAULT";

  private SparkColumns() {}

  /**
   * The columns of a new table as a schema.
   *
   * @throws IllegalArgumentException if one is to be computed from others, or counted
   */
  public static StructType struct(List<Column> columns) {
    return new StructType(columns.stream().map(SparkColumns::field).toArray(StructField[]::new));
  }

  private static StructField field(Column column) {
    refuseGenerated(column);
    MetadataBuilder metadata = new MetadataBuilder();
    if (column.metadataInJSON() != null) {
      metadata.withMetadata(Metadata.fromJson(column.metadataInJSON()));
    }
    if (column.comment() != null) {
      metadata.putString(COMMENT, column.comment());
    }
    if (column.defaultValue() != null) {
      metadata.putString(CURRENT_DEFAULT, column.defaultValue().getSql());
    }
    return new StructField(column.name(), column.dataType(), column.nullable(), metadata.build());
  }

  private static void refuseGenerated(Column column) {
    if (column.generationExpression() != null) {
      throw new IllegalArgumentException(
          "alexstore computes no columns: column '"
              + column.name()
              + "' cannot be GENERATED ALWAYS AS ("
              + column.generationExpression()
              + "). Leave that out, and compute the value in the query that writes, or in the one"
              + " that reads");
    }
    if (column.identityColumnSpec() != null) {
      throw new IllegalArgumentException(
          "alexstore counts no rows: column '"
              + column.name()
              + "' cannot be GENERATED AS IDENTITY. Leave that out, and write values that are"
              + " unique, such as those of uuid(), or of a sequence of your own");
    }
  }

  /** The columns of a table, for Spark. */
  public static Column[] columns(StructType struct) {
    Column[] columns = new Column[struct.length()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = column(struct.fields()[i]);
    }
    return columns;
  }

  private static Column column(StructField field) {
    String comment = text(field, COMMENT);
    String byDefault = text(field, CURRENT_DEFAULT);
    MetadataBuilder others = new MetadataBuilder().withMetadata(field.metadata());
    Set.of(COMMENT, CURRENT_DEFAULT, EXISTS_DEFAULT).forEach(others::remove);
    String metadata = others.build().json();
    return byDefault == null
        ? Column.create(field.name(), field.dataType(), field.nullable(), comment, metadata)
        : Column.create(
            field.name(),
            field.dataType(),
            field.nullable(),
            comment,
            new ColumnDefaultValue(byDefault, valueWhenAdded(field)),
            metadata);
  }

  /**
   * What rows of before have, as Spark would fill it in: it is the segments' readers that do, so
   * nobody asks. Spark 4.0 wants a value nevertheless.
   */
  private static LiteralValue<?> valueWhenAdded(StructField field) {
    return SparkFeatures.DEFAULTS_WITHOUT_VALUE ? null : new LiteralValue<>(null, field.dataType());
  }

  private static String text(StructField field, String name) {
    return field.metadata().contains(name) ? field.metadata().getString(name) : null;
  }
}
