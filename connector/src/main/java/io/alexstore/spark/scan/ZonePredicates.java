package io.alexstore.spark.scan;

import io.alexstore.schema.Column;
import io.alexstore.schema.Schema;
import io.alexstore.schema.StringType;
import io.alexstore.schema.StructType;
import io.alexstore.spark.convert.KeyLiterals;
import io.alexstore.spark.read.ZoneFilter;
import io.alexstore.spark.read.ZoneFilter.Range;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.filter.And;
import org.apache.spark.sql.connector.expressions.filter.Or;
import org.apache.spark.sql.connector.expressions.filter.Predicate;

/**
 * Turns predicates on columns that are not of the key, and on fields of structs, into what row
 * groups' statistics can tell of them. Spark evaluates the predicates all the same; what is not
 * understood is left to it alone.
 */
final class ZonePredicates {

  private static final Range ANY = new Range(null, true, null, true);

  private final Schema schema;

  ZonePredicates(Schema schema) {
    this.schema = schema;
  }

  /** What must hold of a row group for a row to fulfil all predicates. */
  ZoneFilter analyze(List<Predicate> predicates) {
    List<ZoneFilter> parts = new ArrayList<>();
    for (Predicate predicate : predicates) {
      filter(Negations.push(predicate)).ifPresent(parts::add);
    }
    return new ZoneFilter.And(List.copyOf(parts));
  }

  /** Empty if a predicate does not say anything of use. */
  private Optional<ZoneFilter> filter(Predicate predicate) {
    if (predicate instanceof And and) {
      List<ZoneFilter> parts = new ArrayList<>();
      filter(and.left()).ifPresent(parts::add);
      filter(and.right()).ifPresent(parts::add);
      return parts.isEmpty() ? Optional.empty() : Optional.of(new ZoneFilter.And(parts));
    } else if (predicate instanceof Or or) {
      Optional<ZoneFilter> left = filter(or.left());
      Optional<ZoneFilter> right = left.isEmpty() ? left : filter(or.right());
      return right.map(r -> new ZoneFilter.Or(List.of(left.orElseThrow(), r)));
    }
    Expression[] children = predicate.children();
    if (children.length == 0 || !(children[0] instanceof NamedReference reference)) {
      return Optional.empty();
    }
    List<Column> path = path(reference);
    if (path.isEmpty() || schema.key().columnIds().contains(path.get(0).id())) {
      return Optional.empty();
    }
    Column column = path.get(path.size() - 1);
    boolean nulls =
        predicate.name().equals("IS_NULL")
            || (predicate.name().equals("<=>") && KeyLiterals.isNull(children[1]));
    return ranges(column, predicate.name(), children)
        .map(ranges -> new ZoneFilter.In(path.stream().map(Column::id).toList(), nulls, ranges));
  }

  /** The column that is named, then the fields of structs; empty if there is none. */
  private List<Column> path(NamedReference reference) {
    List<Column> path = new ArrayList<>();
    List<Column> columns = schema.columns();
    for (String name : reference.fieldNames()) {
      Optional<Column> column = columns.stream().filter(c -> c.name().equals(name)).findFirst();
      if (column.isEmpty()) {
        return List.of();
      }
      path.add(column.get());
      columns =
          column.get().type() instanceof StructType struct ? struct.fields() : List.<Column>of();
    }
    return path;
  }

  private static Optional<List<Range>> ranges(
      Column column, String operator, Expression[] children) {
    boolean aboutNulls = operator.equals("IS_NULL") || operator.equals("IS_NOT_NULL");
    if (!aboutNulls && !ZoneFilter.Values.isComparable(column.type())) {
      return Optional.empty();
    }
    List<Comparable<?>> values = new ArrayList<>();
    for (Expression child : Arrays.asList(children).subList(1, children.length)) {
      // Nothing is equal to null, less or greater: a null adds no range.
      if (!KeyLiterals.isNull(child)) {
        Optional<Object> value = KeyLiterals.value(column, child);
        Comparable<?> form =
            value.isEmpty() ? null : ZoneFilter.Values.of(column.type(), value.get());
        if (form == null) {
          return Optional.empty();
        }
        values.add(form);
      }
    }
    boolean text = column.type() instanceof StringType;
    return switch (operator) {
      case "IS_NULL" -> Optional.of(List.of());
      case "IS_NOT_NULL" -> Optional.of(List.of(ANY));
      case "=", "<=>", "IN" -> each(values, v -> new Range(v, true, v, true));
      case "<>" -> each(values, v -> ANY);
      case "<" -> each(values, v -> new Range(null, true, v, false));
      case "<=" -> each(values, v -> new Range(null, true, v, true));
      case ">" -> each(values, v -> new Range(v, false, null, true));
      case ">=" -> each(values, v -> new Range(v, true, null, true));
      case "STARTS_WITH" ->
          // Hexadecimal digits end at f: what follows them is after all that begins so.
          text ? each(values, v -> new Range(v, true, v + "g", false)) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Optional<List<Range>> each(
      List<Comparable<?>> values, java.util.function.Function<Comparable<?>, Range> range) {
    return Optional.of(values.stream().map(range).toList());
  }
}
