package io.alexstore.spark.table;

import org.apache.spark.sql.connector.catalog.MetadataColumn;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;

/**
 * A column that tells where a row stands, as Spark's catalog knows it.
 *
 * @param field its name and type
 */
record PlaceColumn(StructField field) implements MetadataColumn {

  @Override
  public String name() {
    return field.name();
  }

  @Override
  public DataType dataType() {
    return field.dataType();
  }

  @Override
  public boolean isNullable() {
    return false;
  }
}
