package io.alexstore.spark.convert;

import io.alexstore.schema.Column;
import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;

/** Literals of pushed predicates as Java values that the key codec takes. */
public final class KeyLiterals {

  private KeyLiterals() {}

  /** Whether an expression is the literal null of any type. */
  public static boolean isNull(Expression expression) {
    return expression instanceof Literal<?> literal && literal.value() == null;
  }

  /** Whether a literal null stands anywhere in an expression. */
  public static boolean hasNull(Expression expression) {
    return isNull(expression)
        || Arrays.stream(expression.children()).anyMatch(KeyLiterals::hasNull);
  }

  /**
   * The value of a literal that is compared with a column.
   *
   * @return empty if it is no literal, null, or of another type than the column's. Of the same type
   *     only, since a comparison between types is Spark's to define: between strings of different
   *     collation, or decimals of different scale
   */
  public static Optional<Object> value(Column column, Expression expression) {
    if (!(expression instanceof Literal<?> literal) || literal.value() == null) {
      return Optional.empty();
    }
    DataType type = SparkSchemas.toSpark(column.type());
    return type.equals(literal.dataType()) ? Optional.of(java(literal.value())) : Optional.empty();
  }

  private static Object java(Object value) {
    if (value instanceof UTF8String string) {
      return string.getBytes();
    }
    return value instanceof Decimal decimal ? decimal.toJavaBigDecimal() : value;
  }

  /** The first bytes after all that begin with a prefix; empty if there are none. */
  public static Optional<byte[]> afterPrefix(byte[] prefix) {
    int length = prefix.length;
    while (length > 0 && prefix[length - 1] == (byte) 0xff) {
      length--;
    }
    if (length == 0) {
      return Optional.empty();
    }
    byte[] after = Arrays.copyOf(prefix, length);
    after[length - 1]++;
    return Optional.of(after);
  }
}
