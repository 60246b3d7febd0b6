package io.alexstore.spark.scan;

import io.alexstore.key.EncodedRange;
import io.alexstore.key.KeyCodec;
import io.alexstore.key.KeyRange;
import io.alexstore.key.KeyRanges;
import io.alexstore.schema.Column;
import io.alexstore.schema.StringType;
import io.alexstore.spark.convert.KeyLiterals;
import io.alexstore.spark.scan.Domain.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.filter.AlwaysFalse;
import org.apache.spark.sql.connector.expressions.filter.AlwaysTrue;
import org.apache.spark.sql.connector.expressions.filter.And;
import org.apache.spark.sql.connector.expressions.filter.Or;
import org.apache.spark.sql.connector.expressions.filter.Predicate;

/**
 * Turns predicates on a table's key into ranges of keys.
 *
 * <p>Predicates are read as a filter reads them: what is not true, null included, lets no row
 * through. That is sound because only AND and OR are looked into, which keep it so; {@link
 * Negations} makes NOT part of comparisons, and what it leaves is left to Spark.
 *
 * <p>What is understood of one column: {@code =, <>, <=>, <, <=, >, >=, IN, IS_NULL, IS_NOT_NULL,
 * STARTS_WITH} and its opposite against literals of the column's type, and AND and OR of these.
 * Over the columns of a composite key: single values for the first columns, in every combination,
 * then a range of the next. An OR over several columns is the union of what its sides come down to.
 */
final class KeyPredicates {

  /** More combinations of values are not spelled out; the columns before bound the range then. */
  private static final int MAX_COMBINATIONS = 20_000;

  private final KeyCodec codec;

  KeyPredicates(KeyCodec codec) {
    this.codec = codec;
  }

  /**
   * What predicates come down to.
   *
   * @param ranges the keys that may fulfil all of them
   * @param used for each predicate: whether it says anything about the ranges
   * @param exact for each predicate: whether every key in the ranges fulfils it, so that it need
   *     not be evaluated again
   */
  record Result(KeyRanges ranges, boolean[] used, boolean[] exact) {}

  /** Analyses predicates that must all be true. */
  Result analyze(List<Predicate> predicates) {
    boolean[] used = new boolean[predicates.size()];
    boolean[] exact = new boolean[predicates.size()];
    KeyRanges ranges = KeyRanges.all(codec.form());
    // The predicates on single columns, which together make prefixes and ranges of the key.
    TreeMap<Integer, List<Integer>> byColumn = new TreeMap<>();
    Domain[] domains = new Domain[predicates.size()];
    for (int i = 0; i < predicates.size(); i++) {
      Optional<ColumnDomain> single = columnDomain(predicates.get(i));
      if (single.isPresent()) {
        domains[i] = single.get().domain();
        byColumn.computeIfAbsent(single.get().column(), c -> new ArrayList<>()).add(i);
      } else {
        Answer answer = severalColumns(predicates.get(i));
        ranges = ranges.intersect(answer.ranges());
        used[i] = !answer.ranges().isAll();
        exact[i] = answer.exact();
      }
    }
    List<List<Object>> prefixes = List.of(List.of());
    for (int column = 0; column < codec.columnCount(); column++) {
      List<Integer> here = byColumn.get(column);
      if (here == null) {
        break;
      }
      List<List<Object>> longer = points(prefixes, here, domains);
      KeyRanges allowed =
          longer == null ? after(prefixes, here, domains) : codec.ranges(equal(longer));
      ranges = ranges.intersect(allowed);
      for (int i : here) {
        used[i] = true;
        exact[i] = true;
      }
      if (longer == null) {
        break;
      }
      prefixes = longer;
    }
    return new Result(ranges, used, exact);
  }

  /**
   * The prefixes, each extended by every value that all domains allow; null if they allow more than
   * single values, or too many.
   */
  private List<List<Object>> points(
      List<List<Object>> prefixes, List<Integer> here, Domain[] domains) {
    int chosen = -1;
    for (int i : here) {
      if (domains[i].isPoints()
          && (chosen < 0 || domains[i].intervals().size() < domains[chosen].intervals().size())) {
        chosen = i;
      }
    }
    if (chosen < 0
        || (long) prefixes.size() * domains[chosen].intervals().size() > MAX_COMBINATIONS) {
      return null;
    }
    List<List<Object>> longer = new ArrayList<>();
    for (List<Object> prefix : prefixes) {
      KeyRanges others = KeyRanges.all(codec.form());
      for (int i : here) {
        others = i == chosen ? others : others.intersect(domains[i].after(codec, prefix));
      }
      for (Interval value : domains[chosen].intervals()) {
        // The other domains are about the same column, so they allow all of a value or nothing.
        KeyRange keys = value.after(prefix);
        if (here.size() == 1 || !codec.ranges(keys).intersect(others).isEmpty()) {
          longer.add(keys.lower());
        }
      }
    }
    return longer;
  }

  private static List<KeyRange> equal(List<List<Object>> prefixes) {
    return prefixes.stream().map(values -> new KeyRange(values, true, values, true)).toList();
  }

  /** The keys that begin with one of the prefixes and go on as all domains allow. */
  private KeyRanges after(List<List<Object>> prefixes, List<Integer> here, Domain[] domains) {
    List<EncodedRange> parts = new ArrayList<>();
    for (List<Object> prefix : prefixes) {
      KeyRanges part = KeyRanges.all(codec.form());
      for (int i : here) {
        part = part.intersect(domains[i].after(codec, prefix));
      }
      parts.addAll(part.list());
    }
    return KeyRanges.of(codec.form(), parts);
  }

  private record Answer(KeyRanges ranges, boolean exact) {}

  /** What a predicate over several columns, or one that is not understood, comes down to. */
  private Answer severalColumns(Predicate predicate) {
    if (predicate instanceof Or or) {
      Answer left = conjunction(or.left());
      Answer right = conjunction(or.right());
      return new Answer(left.ranges().union(right.ranges()), left.exact() && right.exact());
    } else if (predicate instanceof And) {
      return conjunction(predicate);
    }
    return new Answer(KeyRanges.all(codec.form()), predicate instanceof AlwaysTrue);
  }

  private Answer conjunction(Predicate predicate) {
    List<Predicate> parts = new ArrayList<>();
    flatten(predicate, parts);
    Result result = analyze(parts);
    boolean exact = true;
    for (boolean part : result.exact()) {
      exact &= part;
    }
    return new Answer(result.ranges(), exact);
  }

  private static void flatten(Predicate predicate, List<Predicate> parts) {
    if (predicate instanceof And and) {
      flatten(and.left(), parts);
      flatten(and.right(), parts);
    } else {
      parts.add(predicate);
    }
  }

  // ---- predicates on one column of the key

  private record ColumnDomain(int column, Domain domain) {}

  /** What a predicate says if it is about one column of the key only and wholly understood. */
  private Optional<ColumnDomain> columnDomain(Predicate predicate) {
    if (predicate instanceof AlwaysFalse) {
      return Optional.of(new ColumnDomain(0, Domain.NONE));
    }
    if (predicate instanceof Or or) {
      Optional<ColumnDomain> left = columnDomain(or.left());
      Optional<ColumnDomain> right = left.isEmpty() ? left : columnDomain(or.right());
      if (right.isEmpty() || left.get().column() != right.get().column()) {
        return Optional.empty();
      }
      Domain both = left.get().domain().union(right.get().domain());
      return Optional.of(new ColumnDomain(left.get().column(), both));
    }
    Expression[] children = predicate.children();
    if (children.length == 0 || !(children[0] instanceof NamedReference reference)) {
      return Optional.empty();
    }
    int column = keyColumn(reference);
    if (column < 0) {
      return Optional.empty();
    }
    return domain(column, predicate.name(), children).map(d -> new ColumnDomain(column, d));
  }

  /** The place in the key of the column that a reference names, or -1. */
  private int keyColumn(NamedReference reference) {
    String[] names = reference.fieldNames();
    if (names.length == 1) {
      List<Column> columns = codec.columns();
      for (int i = 0; i < columns.size(); i++) {
        // Spark has resolved the name to the table's own spelling, whatever the user's was.
        if (columns.get(i).name().equals(names[0])) {
          return i;
        }
      }
    }
    return -1;
  }

  private Optional<Domain> domain(int column, String operator, Expression[] children) {
    return switch (operator) {
      case "IS_NULL" -> Optional.of(nulls(column));
      case "IS_NOT_NULL" -> Optional.of(notNull(column));
      case "IN" -> in(column, children);
      case "=", "<>", "<", "<=", ">", ">=", "<=>" ->
          children.length == 2 ? comparison(column, operator, children[1]) : Optional.empty();
      case "STARTS_WITH", Negations.NOT_STARTS_WITH ->
          children.length == 2
              ? startsWith(column, operator.equals("STARTS_WITH"), children[1])
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private Domain nulls(int column) {
    return codec.isNullable(column) ? Domain.point(null) : Domain.NONE;
  }

  private Domain notNull(int column) {
    return Domain.of(new Interval(notNullBound(column), false, Domain.NO_BOUND, true));
  }

  /** An exclusive lower bound of all values. */
  private Object notNullBound(int column) {
    return codec.isNullable(column) ? null : Domain.NO_BOUND;
  }

  private Optional<Domain> in(int column, Expression[] children) {
    List<Interval> points = new ArrayList<>();
    for (Expression child : Arrays.asList(children).subList(1, children.length)) {
      // A null in the list matches nothing.
      if (!KeyLiterals.isNull(child)) {
        Optional<Object> value = KeyLiterals.value(codec.columns().get(column), child);
        if (value.isEmpty()) {
          return Optional.empty();
        }
        points.add(Interval.point(value.get()));
      }
    }
    return Optional.of(new Domain(points));
  }

  private Optional<Domain> comparison(int column, String operator, Expression operand) {
    if (KeyLiterals.isNull(operand)) {
      return Optional.of(operator.equals("<=>") ? nulls(column) : Domain.NONE);
    }
    Optional<Object> value = KeyLiterals.value(codec.columns().get(column), operand);
    Object low = notNullBound(column);
    return value.map(
        v -> v instanceof Boolean b ? booleans(operator, b) : interval(low, operator, v));
  }

  /**
   * Those of the two booleans that compare so with one. Single values, for Spark writes {@code k =
   * false} as {@code NOT k}, and the next column of the key counts only behind single values.
   */
  private static Domain booleans(String operator, boolean bound) {
    Domain domain = Domain.NONE;
    for (boolean value : new boolean[] {false, true}) {
      int order = Boolean.compare(value, bound);
      boolean fulfils =
          switch (operator) {
            case "<>" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            case ">=" -> order >= 0;
            default -> order == 0;
          };
      domain = fulfils ? domain.union(Domain.point(value)) : domain;
    }
    return domain;
  }

  private static Domain interval(Object low, String operator, Object v) {
    return switch (operator) {
      case "<>" ->
          new Domain(
              List.of(
                  new Interval(low, false, v, false),
                  new Interval(v, false, Domain.NO_BOUND, true)));
      case "<" -> Domain.of(new Interval(low, false, v, false));
      case "<=" -> Domain.of(new Interval(low, false, v, true));
      case ">" -> Domain.of(new Interval(v, false, Domain.NO_BOUND, true));
      case ">=" -> Domain.of(new Interval(v, true, Domain.NO_BOUND, true));
      default -> Domain.point(v);
    };
  }

  private Optional<Domain> startsWith(int column, boolean wanted, Expression operand) {
    if (KeyLiterals.isNull(operand)) {
      return Optional.of(Domain.NONE);
    }
    if (!(codec.columns().get(column).type() instanceof StringType)) {
      return Optional.empty();
    }
    return KeyLiterals.value(codec.columns().get(column), operand)
        .map(prefix -> startsWith(column, wanted, (byte[]) prefix));
  }

  private Domain startsWith(int column, boolean wanted, byte[] prefix) {
    if (prefix.length == 0) {
      return wanted ? notNull(column) : Domain.NONE;
    }
    Optional<byte[]> after = KeyLiterals.afterPrefix(prefix);
    if (wanted) {
      Object end = after.isPresent() ? after.get() : Domain.NO_BOUND;
      return Domain.of(new Interval(prefix, true, end, false));
    }
    Domain before = Domain.of(new Interval(notNullBound(column), false, prefix, false));
    return after
        .map(end -> before.union(Domain.of(new Interval(end, true, Domain.NO_BOUND, true))))
        .orElse(before);
  }
}
