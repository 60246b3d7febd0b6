package io.alexstore.spark.soak;

import io.alexstore.spark.soak.SoakSchema.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What an UPDATE, or one of a MERGE, makes of a row. */
final class Assignments {

  private final SoakSchema schema;
  private final Map<Integer, Term> terms = new TreeMap<>();

  private Assignments(SoakSchema schema) {
    this.schema = schema;
  }

  /**
   * Some.
   *
   * @param movesKeys whether the key changes, too
   * @param fromSource whether values may come from a source
   */
  static Assignments random(
      SoakSchema schema, Random random, RandomTerms terms, boolean movesKeys, boolean fromSource) {
    Assignments set = new Assignments(schema);
    for (int i = 0; i < schema.columns.size(); i++) {
      if (!schema.isKey(i) && random.nextBoolean()) {
        set.terms.put(i, set.value(random, terms, i, fromSource));
      }
    }
    if (movesKeys) {
      int i = schema.key.get(random.nextInt(schema.key.size()));
      set.terms.put(i, set.key(random, terms, i));
    } else if (set.terms.isEmpty()) {
      int v = schema.indexOf("v");
      set.terms.put(v, set.value(random, terms, v, fromSource));
    }
    return set;
  }

  private Term key(Random random, RandomTerms terms, int i) {
    Column column = schema.columns.get(i);
    int by = random.nextInt(7) - 3;
    return random.nextInt(5) == 0
        ? Term.literal(column, schema.value(random, i))
        : shifted(terms.target(i), column.type(), by);
  }

  private static Term shifted(Term term, SoakType type, int by) {
    return new Term(type.shifted(term.sql(), by), pair -> type.shift(term.value().apply(pair), by));
  }

  private Term value(Random random, RandomTerms terms, int i, boolean fromSource) {
    Column column = schema.columns.get(i);
    if (fromSource && random.nextBoolean()) {
      return terms.source(i);
    }
    return random.nextBoolean()
        ? Term.literal(column, schema.value(random, i))
        : shifted(terms.target(i), column.type(), random.nextInt(3) - 1);
  }

  String sql() {
    return terms.entrySet().stream()
        .map(e -> "t." + schema.columns.get(e.getKey()).name() + " = " + e.getValue().sql())
        .collect(Collectors.joining(", "));
  }

  List<Object> of(List<Object> target, List<Object> source) {
    List<Object> row = new ArrayList<>(target);
    terms.forEach((i, term) -> row.set(i, term.of(target, source)));
    return row;
  }
}
