package io.alexstore.spark.convert;

import io.alexstore.schema.CheckConstraint;
import io.alexstore.schema.Column;
import io.alexstore.schema.Schema;
import io.alexstore.schema.StructType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** CHECK constraints as Spark's SQL gives them, with the columns of a table that they name. */
public final class CheckTexts {

  /** A string, of which nothing is a name; a name in backticks; a plain name. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "'(?:[^'\\\\]|\\\\.)*'|`((?:[^`]|``)+)`|([\\p{L}_][\\p{L}\\p{N}_]*)", Pattern.DOTALL);

  private CheckTexts() {}

  /**
   * A constraint.
   *
   * @param name its name
   * @param condition the condition, in Spark's SQL
   */
  public record Named(String name, String condition) {}

  /** A schema with constraints in the place of its own. */
  public static Schema with(Schema schema, List<Named> constraints) {
    return constraints.isEmpty() && schema.checks().isEmpty()
        ? schema
        : schema.withChecks(
            schema.id(), constraints.stream().map(c -> constraint(c, schema)).toList());
  }

  /**
   * The constraint that a table has then. Which columns it names is told by the words in it: one
   * too many does no harm, since it only keeps that column from being dropped or renamed.
   */
  public static CheckConstraint constraint(Named named, Schema schema) {
    Set<String> words = new HashSet<>();
    Matcher token = TOKEN.matcher(named.condition());
    while (token.find()) {
      String quoted = token.group(1);
      String word = quoted != null ? quoted.replace("``", "`") : token.group(2);
      if (word != null) {
        words.add(word.toLowerCase(Locale.ROOT));
      }
    }
    List<Integer> ids = new ArrayList<>();
    collect(schema.columns(), words, ids);
    return new CheckConstraint(named.name(), CheckConstraint.SPARK, named.condition(), ids);
  }

  private static void collect(List<Column> columns, Set<String> words, List<Integer> ids) {
    for (Column column : columns) {
      if (words.contains(column.name().toLowerCase(Locale.ROOT))) {
        ids.add(column.id());
        if (column.type() instanceof StructType struct) {
          collect(struct.fields(), words, ids);
        }
      }
    }
  }

  /** The constraints of a schema. */
  public static List<Named> of(Schema schema) {
    return schema.checks().stream().map(c -> new Named(c.name(), c.expression())).toList();
  }
}
