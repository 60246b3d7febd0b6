package io.alexstore.spark.soak;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import org.apache.spark.sql.SparkSession;

/** Random MERGE statements, of all clauses. */
final class MergeStatements {

  /**
   * WHEN ... THEN ...
   *
   * @param condition after AND; empty for none
   * @param action what is said after THEN
   * @param result the row that a row of the table and one of the source become; null if none
   */
  private record Clause(
      Optional<Term> condition, String action, BinaryOperator<List<Object>> result) {

    boolean applies(List<Object> target, List<Object> source) {
      return condition.isEmpty() || condition.get().holds(target, source);
    }

    String sql(String when) {
      return " WHEN " + when + condition.map(c -> " AND " + c.sql()).orElse("") + " THEN " + action;
    }

    boolean deletes() {
      return action.equals("DELETE");
    }
  }

  private final SparkSession spark;
  private final SoakSchema schema;
  private final Random random;
  private final String table;
  private final RandomTerms terms;

  MergeStatements(SparkSession spark, SoakSchema schema, Random random, String path) {
    this.spark = spark;
    this.schema = schema;
    this.random = random;
    this.table = "alexstore.`" + path + "`";
    this.terms = new RandomTerms(schema, random, true);
  }

  Step next(List<List<Object>> rows) {
    List<List<Object>> source = schema.rows(random, List.of(), random.nextInt(10) == 0);
    Term match = terms.match();
    boolean moves = random.nextInt(6) == 0;
    List<Clause> matched = clauses(random.nextInt(4), terms::onBoth, () -> change(moves, true));
    List<Clause> notMatched = clauses(random.nextInt(3), terms::onSource, this::insert);
    List<Clause> bySource =
        random.nextInt(3) == 0
            ? clauses(1 + random.nextInt(2), terms::onTarget, () -> change(false, false))
            : List.of();
    if (matched.isEmpty() && notMatched.isEmpty() && bySource.isEmpty()) {
      notMatched = List.of(insert());
    }
    StringBuilder text = new StringBuilder("MERGE INTO " + table + " AS t USING ");
    text.append(SqlStatements.source(schema, source)).append(" AS o ON ").append(match.sql());
    matched.forEach(clause -> text.append(clause.sql("MATCHED")));
    notMatched.forEach(clause -> text.append(clause.sql("NOT MATCHED")));
    bySource.forEach(clause -> text.append(clause.sql("NOT MATCHED BY SOURCE")));
    return new Outcome(rows, source, match, matched, notMatched, bySource).step(text.toString());
  }

  // --- clauses ---

  private interface Condition {
    Term next();
  }

  private interface Action {
    Clause next();
  }

  /** Only the last of several may be without a condition. */
  private List<Clause> clauses(int count, Condition conditions, Action actions) {
    List<Clause> clauses = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean always = i == count - 1 && random.nextBoolean();
      Clause clause = actions.next();
      clauses.add(
          new Clause(
              always ? Optional.empty() : Optional.of(conditions.next()),
              clause.action(),
              clause.result()));
    }
    return clauses;
  }

  private Clause change(boolean moves, boolean fromSource) {
    int kind = random.nextInt(fromSource ? 4 : 2);
    if (kind == 0) {
      return new Clause(Optional.empty(), "DELETE", (t, o) -> null);
    } else if (kind == 1 && fromSource) {
      return new Clause(Optional.empty(), "UPDATE SET *", (t, o) -> o);
    }
    Assignments set = Assignments.random(schema, random, terms, moves, fromSource);
    return new Clause(Optional.empty(), "UPDATE SET " + set.sql(), set::of);
  }

  private Clause insert() {
    if (random.nextBoolean()) {
      return new Clause(Optional.empty(), "INSERT *", (t, o) -> o);
    }
    TreeSet<Integer> given = new TreeSet<>(schema.key);
    for (int i = 0; i < schema.columns.size(); i++) {
      if (random.nextBoolean()) {
        given.add(i);
      }
    }
    List<String> names = given.stream().map(i -> schema.columns.get(i).name()).toList();
    List<String> values = given.stream().map(i -> terms.source(i).sql()).toList();
    return new Clause(
        Optional.empty(),
        "INSERT (" + String.join(", ", names) + ") VALUES (" + String.join(", ", values) + ")",
        (t, o) -> {
          List<Object> row = new ArrayList<>(o);
          for (int i = 0; i < row.size(); i++) {
            row.set(i, given.contains(i) ? o.get(i) : null);
          }
          return row;
        });
  }

  // --- what must come of it ---

  /** Runs a MERGE on the model. */
  private final class Outcome {
    private final List<List<Object>> rows;
    private final List<List<Object>> source;
    private final Term match;
    private final List<Clause> matched;
    private final List<Clause> notMatched;
    private final List<Clause> bySource;
    private final List<List<Object>> after = new ArrayList<>();
    private boolean changesTwice;
    private boolean matchesTwice;

    Outcome(
        List<List<Object>> rows,
        List<List<Object>> source,
        Term match,
        List<Clause> matched,
        List<Clause> notMatched,
        List<Clause> bySource) {
      this.rows = rows;
      this.source = source;
      this.match = match;
      this.matched = matched;
      this.notMatched = notMatched;
      this.bySource = bySource;
    }

    Step step(String text) {
      boolean[] found = new boolean[source.size()];
      for (List<Object> row : rows) {
        List<List<Object>> matches = new ArrayList<>();
        for (int i = 0; i < found.length; i++) {
          if (match.holds(row, source.get(i))) {
            found[i] = true;
            matches.add(source.get(i));
          }
        }
        change(row, matches);
      }
      for (int i = 0; i < found.length; i++) {
        if (!found[i]) {
          addFirst(notMatched, null, source.get(i), null);
        }
      }
      return judged(text);
    }

    private void change(List<Object> row, List<List<Object>> matches) {
      if (matches.isEmpty()) {
        addFirst(bySource, row, null, row);
        return;
      }
      List<Clause> applied = new ArrayList<>();
      int before = after.size();
      for (List<Object> other : matches) {
        first(matched, row, other).ifPresent(applied::add);
      }
      if (applied.isEmpty()) {
        after.add(row);
      } else {
        for (List<Object> other : matches) {
          first(matched, row, other).ifPresent(clause -> add(clause.result().apply(row, other)));
        }
      }
      // To delete a row twice is to delete it.
      changesTwice |= applied.size() > 1 && after.size() > before;
      matchesTwice |= matches.size() > 1;
    }

    private Optional<Clause> first(List<Clause> clauses, List<Object> target, List<Object> source) {
      return clauses.stream().filter(clause -> clause.applies(target, source)).findFirst();
    }

    private void addFirst(
        List<Clause> clauses, List<Object> target, List<Object> source, List<Object> otherwise) {
      Optional<Clause> clause = first(clauses, target, source);
      add(clause.isPresent() ? clause.get().result().apply(target, source) : otherwise);
    }

    private void add(List<Object> row) {
      if (row != null) {
        after.add(row);
      }
    }

    private Step judged(String text) {
      Set<String> errors = new HashSet<>();
      boolean duplicates = schema.hasDuplicates(after);
      if (duplicates) {
        errors.add(Step.DUPLICATE_KEY);
      }
      // Spark minds a row that is matched twice, whatever becomes of it, where one task sees both.
      boolean deletesOnly =
          matched.size() == 1 && matched.get(0).deletes() && matched.get(0).condition().isEmpty();
      if (changesTwice || (matchesTwice && !matched.isEmpty() && !deletesOnly)) {
        errors.addAll(Step.CHANGED_TWICE);
      }
      boolean fails = duplicates || changesTwice;
      return new Step(
          "merge",
          text,
          () -> spark.sql(text),
          fails ? Optional.empty() : Optional.of(after),
          errors);
    }
  }
}
