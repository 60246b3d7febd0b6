package io.alexstore.spark.soak;

import io.alexstore.spark.soak.SoakSchema.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/** Random conditions on a table's rows, on those of a source, and on both. */
final class RandomTerms {

  private final SoakSchema schema;
  private final Random random;
  private final boolean qualified;

  /**
   * Conditions.
   *
   * @param qualified whether columns are called {@code t.v} and {@code o.v}; else {@code v}
   */
  RandomTerms(SoakSchema schema, Random random, boolean qualified) {
    this.schema = schema;
    this.random = random;
    this.qualified = qualified;
  }

  Term target(int i) {
    String name = schema.columns.get(i).name();
    return new Term(qualified ? "t." + name : name, pair -> pair.target().get(i));
  }

  Term source(int i) {
    return new Term("o." + schema.columns.get(i).name(), pair -> pair.source().get(i));
  }

  private Term side(boolean ofSource, int i) {
    return ofSource ? source(i) : target(i);
  }

  /** A condition on rows of the table. */
  Term onTarget() {
    return tree(2, false);
  }

  /** A condition on rows of the source. */
  Term onSource() {
    return tree(2, true);
  }

  /** A condition on rows of both, not on how they relate. */
  Term onBoth() {
    return switch (random.nextInt(4)) {
      case 0 -> onTarget();
      case 1 -> onSource();
      case 2 -> {
        int v = schema.indexOf("v");
        yield compare(target(v), source(v));
      }
      default -> onTarget().or(onSource());
    };
  }

  private Term tree(int depth, boolean ofSource) {
    if (depth == 0 || random.nextBoolean()) {
      return leaf(ofSource);
    }
    Term left = tree(depth - 1, ofSource);
    return switch (random.nextInt(3)) {
      case 0 -> left.not();
      case 1 -> left.and(tree(depth - 1, ofSource));
      default -> left.or(tree(depth - 1, ofSource));
    };
  }

  private int column() {
    return random.nextBoolean()
        ? schema.key.get(random.nextInt(schema.key.size()))
        : random.nextInt(schema.columns.size());
  }

  private Term leaf(boolean ofSource) {
    int i = column();
    Column column = schema.columns.get(i);
    Term term = side(ofSource, i);
    if (column.type() == SoakType.STRUCT && random.nextBoolean()) {
      Term field =
          new Term(
              term.sql() + ".a",
              pair -> {
                List<?> struct = (List<?>) term.value().apply(pair);
                return struct == null ? null : struct.get(0);
              });
      int bound = random.nextInt(12);
      return compare(field, new Term(Integer.toString(bound), pair -> bound));
    }
    if (!column.type().isOrdered() || random.nextInt(8) == 0) {
      boolean isNull = random.nextBoolean();
      return new Term(
          "(" + term.sql() + (isNull ? " IS NULL)" : " IS NOT NULL)"),
          pair -> isNull == (term.value().apply(pair) == null));
    }
    if (column.type() == SoakType.STRING && random.nextInt(3) == 0) {
      return new Term(
          term.sql() + " LIKE 'shared%'",
          pair -> {
            Object text = term.value().apply(pair);
            return text == null ? null : text.toString().startsWith("shared");
          });
    }
    return random.nextInt(4) == 0 ? in(term, i) : compare(term, Term.literal(column, notNull(i)));
  }

  private Object notNull(int i) {
    Object value = schema.value(random, i);
    return value == null ? schema.columns.get(i).type().value(random.nextInt(12)) : value;
  }

  private Term in(Term term, int i) {
    List<Object> values = new ArrayList<>();
    List<String> literals = new ArrayList<>();
    for (int n = 1 + random.nextInt(5); n > 0; n--) {
      values.add(notNull(i));
      literals.add(schema.columns.get(i).literal(values.get(values.size() - 1)));
    }
    return new Term(
        "(" + term.sql() + " IN (" + String.join(", ", literals) + "))",
        pair -> {
          Object value = term.value().apply(pair);
          return value == null ? null : (Object) values.contains(value);
        });
  }

  private Term compare(Term a, Term b) {
    return switch (random.nextInt(6)) {
      case 0 -> a.with("<", b, (x, y) -> SoakSchema.compare(x, y) < 0);
      case 1 -> a.with("<=", b, (x, y) -> SoakSchema.compare(x, y) <= 0);
      case 2 -> a.with(">", b, (x, y) -> SoakSchema.compare(x, y) > 0);
      case 3 -> a.with(">=", b, (x, y) -> SoakSchema.compare(x, y) >= 0);
      case 4 -> a.with("<>", b, (x, y) -> !x.equals(y));
      default -> a.with("=", b, Object::equals);
    };
  }

  // --- keys ---

  /** Ranges of keys: of the first column, or of the second for one value of the first; or two. */
  Term keyRange() {
    Term one = oneKeyRange();
    return random.nextInt(4) == 0 ? one.or(oneKeyRange()) : one;
  }

  private Term oneKeyRange() {
    int first = schema.key.get(0);
    Term column = target(first);
    if (schema.key.size() > 1 && random.nextBoolean()) {
      int second = schema.key.get(1);
      return column
          .with("=", Term.literal(schema.columns.get(first), notNull(first)), Object::equals)
          .and(bound(second));
    }
    return bound(first);
  }

  private Term bound(int i) {
    return random.nextInt(3) == 0
        ? in(target(i), i)
        : compare(target(i), Term.literal(schema.columns.get(i), notNull(i)));
  }

  /** How rows of a table and of a source match: mostly by the whole key. */
  Term match() {
    Term key = null;
    boolean nullSafe = random.nextInt(6) == 0;
    int kind = random.nextInt(10);
    int parts = kind == 0 ? 1 : schema.key.size();
    if (kind == 1) {
      int v = schema.indexOf("v");
      return equal(v, nullSafe);
    }
    for (int i : schema.key.subList(0, parts)) {
      Term part = equal(i, nullSafe);
      key = key == null ? part : key.and(part);
    }
    return switch (kind) {
      case 2 -> key.and(onTarget());
      case 3 -> key.and(onSource());
      case 4 -> {
        int v = schema.indexOf("v");
        yield compare(target(schema.key.get(0)), source(schema.key.get(0))).and(equal(v, false));
      }
      default -> key;
    };
  }

  private Term equal(int i, boolean nullSafe) {
    Term a = target(i);
    Term b = source(i);
    return nullSafe
        ? new Term(
            "(" + a.sql() + " <=> " + b.sql() + ")",
            pair -> Objects.equals(a.value().apply(pair), b.value().apply(pair)))
        : b.with("=", a, Object::equals);
  }
}
