package io.alexstore.spark;

import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.exists;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.when;

import io.alexstore.spark.RandomTerms.Term;
import java.util.Random;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/** Random predicates on a random table: any column, any type, in trees of AND, OR and NOT. */
final class RandomPredicate {

  private final RandomTable table;
  private final RandomTerms terms;
  private final Random random;

  RandomPredicate(RandomTable table, RandomTerms terms) {
    this.table = table;
    this.terms = terms;
    this.random = table.random;
  }

  Column next() {
    return switch (random.nextInt(6)) {
      case 0 -> leaf(terms.next());
      case 1, 2 -> prefixAndRange();
      default -> tree(3);
    };
  }

  private Column tree(int depth) {
    int kind = random.nextInt(16);
    if (depth == 0 || kind < 5) {
      return leaf(terms.next());
    } else if (kind < 9) {
      return tree(depth - 1).and(tree(depth - 1));
    } else if (kind < 12) {
      return tree(depth - 1).or(tree(depth - 1));
    } else if (kind < 14) {
      return not(tree(depth - 1));
    } else if (kind < 15) {
      return when(tree(depth - 1), tree(depth - 1)).otherwise(tree(depth - 1));
    }
    return literal();
  }

  /** A predicate that is always the same. */
  private Column literal() {
    return switch (random.nextInt(3)) {
      case 0 -> lit(true);
      case 1 -> lit(false);
      default -> lit(null).cast(DataTypes.BooleanType);
    };
  }

  private Column prefixAndRange() {
    int prefix = random.nextInt(table.keySize);
    Column predicate = leaf(terms.key(prefix));
    for (int i = 0; i < prefix; i++) {
      Term term = terms.key(i);
      Column values =
          random.nextInt(3) == 0
              ? term.column().isin(value(term), value(term), value(term))
              : term.column().equalTo(value(term));
      predicate = predicate.and(values);
    }
    return random.nextInt(3) == 0 ? predicate.and(leaf(terms.next())) : predicate;
  }

  private Column value(Term term) {
    return random.nextInt(15) == 0 ? nothing(term.type()) : terms.literal(term);
  }

  private static Column nothing(DataType type) {
    return lit(null).cast(type);
  }

  private Column leaf(Term term) {
    Column column = term.column();
    if (random.nextInt(12) == 0) {
      return random.nextBoolean() ? column.isNull() : column.isNotNull();
    } else if (!isOrdered(term.type())) {
      return column.isNull();
    } else if (term.type() instanceof StringType && random.nextInt(3) == 0) {
      return text(term);
    } else if (term.type() instanceof BooleanType && random.nextInt(3) == 0) {
      return column;
    } else if (term.type() instanceof ArrayType list && random.nextInt(2) == 0) {
      return elements(term, list);
    }
    return comparison(term);
  }

  private Column comparison(Term term) {
    Column column = term.column();
    return switch (random.nextInt(16)) {
      case 0, 1 -> column.equalTo(value(term));
      case 2 -> column.notEqual(value(term));
      case 3 -> column.lt(value(term));
      case 4 -> column.leq(value(term));
      case 5 -> column.gt(value(term));
      case 6 -> column.geq(value(term));
      case 7 -> column.between(value(term), value(term));
      case 8 -> column.isin(value(term), value(term), value(term));
      case 9 -> column.isin(value(term), nothing(term.type()), value(term));
      case 10 -> not(column.isin(value(term), value(term)));
      case 11, 12 -> column.eqNullSafe(random.nextInt(3) == 0 ? nothing(term.type()) : value(term));
      case 13 -> coalesce(column, value(term)).equalTo(value(term));
      case 14 -> other(term);
      default -> value(term).lt(column);
    };
  }

  /** A comparison with another column, if there is one of the type. */
  private Column other(Term term) {
    for (int i = 0; i < 10; i++) {
      Term other = terms.path();
      if (other.type().equals(term.type())) {
        return random.nextBoolean()
            ? term.column().leq(other.column())
            : term.column().eqNullSafe(other.column());
      }
    }
    return term.column().gt(value(term));
  }

  private Column elements(Term term, ArrayType list) {
    DataType type = list.elementType();
    if (!isOrdered(type)) {
      return term.column().isNotNull();
    }
    Column element = RandomTerms.literal(table.value(type), type).cast(type);
    return random.nextBoolean()
        ? array_contains(term.column(), element)
        : exists(term.column(), x -> x.geq(element));
  }

  private Column text(Term term) {
    Column column = term.column();
    String value = text(term, random.nextInt(4) == 0);
    int end =
        value.offsetByCodePoints(0, random.nextInt(value.codePointCount(0, value.length()) + 1));
    String head = value.substring(0, end);
    String tail = value.substring(end);
    return switch (random.nextInt(8)) {
      case 0, 1 -> column.startsWith(head);
      case 2 -> column.like(escaped(head) + "%");
      case 3 -> column.like(escaped(head) + (random.nextBoolean() ? "_" : "%") + escaped(tail));
      case 4 -> column.endsWith(tail);
      case 5 -> column.contains(tail);
      case 6 -> length(column).leq(random.nextInt(25));
      default -> substring(column, 1, 3).equalTo(head);
    };
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
  }

  private String text(Term term, boolean any) {
    return (String) terms.value(term.type(), any ? null : term.of());
  }

  private static boolean isOrdered(DataType type) {
    if (type instanceof ArrayType list) {
      return isOrdered(list.elementType());
    } else if (type instanceof StructType struct) {
      for (var field : struct.fields()) {
        if (!isOrdered(field.dataType())) {
          return false;
        }
      }
      return true;
    }
    return !(type instanceof MapType);
  }
}
