package io.alexstore.spark.convert;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.InterpretedUnsafeProjection$;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Copies rows of any form, nested values and all, into rows of Spark's own that keep their bytes.
 * For few rows: interpreted, since generating code would cost more than they do. Not thread-safe.
 */
public final class UnsafeRows {

  private final UnsafeProjection projection;

  private UnsafeRows(UnsafeProjection projection) {
    this.projection = projection;
  }

  /** For rows with some columns. */
  public static UnsafeRows of(StructType columns) {
    StructField[] fields = columns.fields();
    Expression[] references = new Expression[fields.length];
    for (int i = 0; i < fields.length; i++) {
      references[i] = new BoundReference(i, fields[i].dataType(), fields[i].nullable());
    }
    Seq<Expression> expressions =
        CollectionConverters.asScala(java.util.Arrays.asList(references)).toSeq();
    return new UnsafeRows(InterpretedUnsafeProjection$.MODULE$.createProjection(expressions));
  }

  /** A copy, which stays good when the row is gone. */
  public UnsafeRow copy(InternalRow row) {
    return projection.apply(row).copy();
  }
}
