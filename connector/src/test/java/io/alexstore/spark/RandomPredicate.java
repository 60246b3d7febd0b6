package io.alexstore.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import java.util.Random;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Random predicates on the columns of a random table, mostly on the key. */
final class RandomPredicate {

  private final RandomTable table;
  private final Random random;

  RandomPredicate(RandomTable table) {
    this.table = table;
    this.random = table.random;
  }

  Column next() {
    return switch (random.nextInt(6)) {
      case 0 -> leaf(random.nextBoolean() ? 0 : anyColumn());
      case 1, 2 -> prefixAndRange();
      default -> tree(2);
    };
  }

  private Column tree(int depth) {
    int kind = random.nextInt(8);
    if (depth == 0 || kind < 2) {
      return leaf(random.nextInt(3) == 0 ? anyColumn() : random.nextInt(table.keySize));
    } else if (kind < 5) {
      return tree(depth - 1).and(tree(depth - 1));
    } else if (kind < 7) {
      return tree(depth - 1).or(tree(depth - 1));
    }
    return not(tree(depth - 1));
  }

  private Column prefixAndRange() {
    int length = random.nextInt(table.keySize);
    Column predicate = leaf(length);
    for (int i = 0; i < length; i++) {
      Column column = col(table.fields.get(i).name());
      Column values =
          random.nextInt(3) == 0
              ? column.isin(literal(i), literal(i), literal(i))
              : column.equalTo(literal(i));
      predicate = predicate.and(values);
    }
    return predicate;
  }

  private Column leaf(int i) {
    StructField field = table.fields.get(i);
    Column column = col(field.name());
    return switch (random.nextInt(13)) {
      case 0, 1 -> column.equalTo(literal(i));
      case 2 -> column.lt(literal(i));
      case 3 -> column.leq(literal(i));
      case 4 -> column.gt(literal(i));
      case 5 -> column.geq(literal(i));
      case 6 -> column.between(literal(i), literal(i));
      case 7 -> column.isin(literal(i), literal(i), literal(i));
      case 8 -> column.eqNullSafe(random.nextInt(3) == 0 ? nothing(field) : literal(i));
      case 9 -> random.nextBoolean() ? column.isNull() : column.isNotNull();
      case 11 -> startsWith(i, column);
      case 10 -> column.isin(literal(i), nothing(field), literal(i));
      default -> literal(i).lt(column);
    };
  }

  /** A column that can be compared with literals. */
  private int anyColumn() {
    int i = random.nextInt(table.fields.size());
    StructField field = table.fields.get(i);
    boolean nested =
        field.dataType() instanceof ArrayType
            || field.dataType() instanceof MapType
            || field.dataType() instanceof StructType;
    return nested || table.variants.contains(field.name()) ? 0 : i;
  }

  private Column startsWith(int i, Column column) {
    if (!(table.fields.get(i).dataType() instanceof StringType)) {
      return column.equalTo(literal(i));
    }
    String value = (String) value(i);
    int end =
        value.offsetByCodePoints(0, random.nextInt(value.codePointCount(0, value.length()) + 1));
    Column starts = column.startsWith(value.substring(0, end));
    return random.nextInt(3) == 0 ? not(starts) : starts;
  }

  private static Column nothing(StructField field) {
    return lit(null).cast(field.dataType());
  }

  private Column literal(int i) {
    return lit(value(i));
  }

  /** A value of a column, mostly one that is there. */
  private Object value(int i) {
    StructField field = table.fields.get(i);
    Object value = null;
    if (!table.rows.isEmpty() && random.nextInt(4) != 0) {
      Row row = table.rows.get(random.nextInt(table.rows.size()));
      value = row.get(i);
    }
    return value == null ? table.value(field.dataType()) : value;
  }
}
