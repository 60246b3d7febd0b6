package io.alexstore.spark.plan.lookupjoin;

import io.alexstore.schema.Column;
import io.alexstore.schema.ColumnType;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.EqualTo;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.KnownFloatingPointNormalized;
import org.apache.spark.sql.catalyst.optimizer.NormalizeNaNAndZero;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Which columns of a table's key a join pins, and by what.
 *
 * @param names the key's first columns that are pinned
 * @param probes what each of them must equal, in terms of the other side
 * @param types the types of these values
 * @param others the equalities that are left to be checked
 */
record JoinKeys(
    List<String> names, List<Expression> probes, List<ColumnType> types, List<Expression> others) {

  /** The integers, narrow to wide: a key's bytes do not depend on which of them it has. */
  private static final Map<DataType, ScalarType> INTEGERS =
      Map.of(
          DataTypes.ByteType, ScalarType.BYTE,
          DataTypes.ShortType, ScalarType.SHORT,
          DataTypes.IntegerType, ScalarType.INT,
          DataTypes.LongType, ScalarType.LONG);

  /**
   * Matches the equalities of a join with the key.
   *
   * @param probeKeys their sides that are not the table's
   * @param tableKeys their sides that are the table's, in the same order
   * @return empty if not even the key's first column is pinned
   */
  static Optional<JoinKeys> of(
      TableSide table, List<Expression> probeKeys, List<Expression> tableKeys) {
    List<String> names = new ArrayList<>();
    List<Expression> probes = new ArrayList<>();
    List<ColumnType> types = new ArrayList<>();
    List<Integer> used = new ArrayList<>();
    for (Column column : table.target().snapshot().schema().keyColumns()) {
      int pair = 0;
      while (pair < tableKeys.size()
          && !pins(column, table.resolve(tableKeys.get(pair)), probeKeys.get(pair))) {
        pair++;
      }
      if (pair == tableKeys.size()) {
        break;
      }
      Expression probe = probeKeys.get(pair);
      ScalarType integer = INTEGERS.get(probe.dataType());
      names.add(column.name());
      probes.add(probe);
      types.add(integer == null ? column.type() : integer);
      used.add(pair);
    }
    List<Expression> others = new ArrayList<>();
    for (int i = 0; i < tableKeys.size(); i++) {
      if (!used.contains(i)) {
        others.add(new EqualTo(probeKeys.get(i), tableKeys.get(i)));
      }
    }
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(new JoinKeys(names, probes, types, others));
  }

  /** Whether these are all columns of a primary key, so that a probe finds one row at most. */
  boolean pinsPrimaryKey(Schema schema) {
    return schema.key().isUnique() && names.size() == schema.keyColumns().size();
  }

  /**
   * Whether an expression of the table is a column of the key as it is, or an integer column made
   * wider, so that a value that it equals is the key to look up.
   */
  private static boolean pins(Column column, Expression side, Expression probe) {
    if (!Expressions.isPlain(probe)) {
      return false;
    }
    Expression key = withoutNormalization(side);
    if (key instanceof AttributeReference attribute) {
      return attribute.name().equals(column.name())
          && attribute.dataType().equals(probe.dataType());
    }
    return key instanceof Cast cast
        && cast.child() instanceof AttributeReference attribute
        && attribute.name().equals(column.name())
        && INTEGERS.containsKey(attribute.dataType())
        && INTEGERS.containsKey(cast.dataType())
        && attribute.dataType().defaultSize() <= cast.dataType().defaultSize()
        && cast.dataType().equals(probe.dataType());
  }

  /** Keys hold numbers normalized as Spark does it for a join. */
  private static Expression withoutNormalization(Expression side) {
    return side instanceof KnownFloatingPointNormalized known
            && known.child() instanceof NormalizeNaNAndZero normalized
        ? normalized.child()
        : side;
  }
}
