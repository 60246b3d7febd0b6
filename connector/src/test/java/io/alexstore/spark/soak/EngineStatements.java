package io.alexstore.spark.soak;

import io.alexstore.commit.OnConflict;
import io.alexstore.key.KeyRange;
import io.alexstore.key.KeyRanges;
import io.alexstore.maintain.Compaction;
import io.alexstore.row.ArrayRow;
import io.alexstore.segment.RollingSegmentWriter;
import io.alexstore.segment.SegmentOptions;
import io.alexstore.table.AlexTable;
import io.alexstore.table.TableWrite;
import io.alexstore.table.TableWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random writes through the engine, which a Java program without Spark does; and compactions. */
final class EngineStatements {

  private final SoakSchema schema;
  private final Random random;
  private final String path;
  private final SegmentOptions options;

  EngineStatements(SoakSchema schema, Random random, String path, int targetSegmentSize) {
    this.schema = schema;
    this.random = random;
    this.path = path;
    this.options = SegmentOptions.defaults().withTargetSegmentSize(targetSegmentSize);
  }

  Step next(List<List<Object>> rows) {
    return switch (random.nextInt(9)) {
      case 0, 1, 2 -> append(rows);
      case 3, 4 -> delete(rows);
      case 5 -> random.nextInt(3) == 0 ? overwrite() : overwriteRange(rows);
      default -> compact(rows);
    };
  }

  private interface Use {
    void of(AlexTable table) throws IOException;
  }

  private Step step(String kind, String text, Use use, List<List<Object>> after) {
    return Step.of(
        schema,
        "engine: " + kind,
        "engine: " + text,
        () -> {
          try (AlexTable table = AlexTable.open(path)) {
            use.of(table);
          }
        },
        after);
  }

  // --- rows ---

  private Step append(List<List<Object>> rows) {
    List<List<Object>> added = schema.rows(random, rows, !schema.unique || random.nextInt(9) == 0);
    OnConflict onConflict =
        schema.unique ? List.of(OnConflict.values()).get(random.nextInt(3)) : OnConflict.ERROR;
    List<List<Object>> after =
        switch (onConflict) {
          case ERROR -> SqlStatements.concat(rows, added);
          case UPDATE -> SqlStatements.upserted(schema, rows, added);
          case IGNORE -> SqlStatements.withNew(schema, rows, added);
        };
    return step(
        switch (onConflict) {
          case ERROR -> "append";
          case UPDATE -> "upsert";
          case IGNORE -> "append of what is new";
        },
        "append, on conflict " + onConflict + ": " + schema.values(added),
        table -> {
          try (TableWriter writer = table.appender(onConflict, options)) {
            for (List<Object> row : added.stream().sorted(schema.order()).toList()) {
              writer.append(toEngine(table, row));
            }
            writer.commit();
          }
        },
        after);
  }

  private ArrayRow toEngine(AlexTable table, List<Object> row) {
    Object[] values = new Object[row.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = schema.columns.get(i).type().toEngine(row.get(i));
    }
    return ArrayRow.of(table.schema(), values);
  }

  private List<Object> toEngine(List<Object> key) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < key.size(); i++) {
      values.add(schema.columns.get(schema.key.get(i)).type().toEngine(key.get(i)));
    }
    return values;
  }

  private Step delete(List<List<Object>> rows) {
    List<List<Object>> keys =
        schema.rows(random, List.of(), true).stream().map(schema::keyOf).toList();
    return step(
        "delete",
        "delete of the keys " + keys,
        table -> table.delete(keys.stream().map(this::toEngine).toList()),
        SqlStatements.without(rows, row -> keys.contains(schema.keyOf(row))));
  }

  private Step overwrite() {
    List<List<Object>> added = schema.rows(random, List.of(), !schema.unique);
    return step(
        "overwrite",
        "overwrite with " + schema.values(added),
        table -> {
          try (TableWriter writer = table.overwriter(options)) {
            for (List<Object> row : added.stream().sorted(schema.order()).toList()) {
              writer.append(toEngine(table, row));
            }
            writer.commit();
          }
        },
        added);
  }

  private Step overwriteRange(List<List<Object>> rows) {
    List<List<Object>> added = schema.rows(random, List.of(), !schema.unique);
    Range range = range();
    return step(
        "overwrite of keys",
        "overwrite of " + range + " with " + schema.values(added),
        table -> {
          TableWrite write =
              table.beginOverwrite(
                  KeyRanges.of(
                      table.keyCodec().form(), table.keyCodec().ranges(range.keys(this)).list()));
          try (RollingSegmentWriter writer = write.target().openWriter(options)) {
            for (List<Object> row : added.stream().sorted(schema.order()).toList()) {
              writer.append(toEngine(table, row));
            }
            var segments = writer.finish();
            try {
              write.commit(segments);
            } finally {
              write.abort(segments);
            }
          }
        },
        SqlStatements.concat(SqlStatements.without(rows, row -> range.has(schema, row)), added));
  }

  // --- ranges of keys ---

  /** All keys from one to another, both inclusive, by the first of the key's columns. */
  private record Range(Object from, Object to) {
    boolean has(SoakSchema schema, List<Object> row) {
      Object value = row.get(schema.key.get(0));
      return SoakSchema.compare(from, value) <= 0 && SoakSchema.compare(value, to) <= 0;
    }

    KeyRange keys(EngineStatements statements) {
      return KeyRange.between(
          statements.toEngine(java.util.Collections.singletonList(from)),
          statements.toEngine(java.util.Collections.singletonList(to)));
    }
  }

  private Range range() {
    Object a = schema.value(random, schema.key.get(0));
    Object b = schema.value(random, schema.key.get(0));
    return SoakSchema.compare(a, b) <= 0 ? new Range(a, b) : new Range(b, a);
  }

  // --- compaction ---

  private Step compact(List<List<Object>> rows) {
    Compaction compaction = Compaction.of(path).options(options);
    StringBuilder text = new StringBuilder("compaction");
    String kind = "compaction";
    if (random.nextBoolean()) {
      double share = 0.01 + random.nextDouble();
      compaction.minDeletedShare(share);
      text.append(" of segments with at least ").append(share).append(" deleted");
    }
    if (random.nextBoolean()) {
      compaction.all();
      text.append(" of all");
    }
    if (random.nextInt(3) == 0) {
      Range range = range();
      compaction.range(range.keys(this));
      text.append(" in ").append(range);
      kind = "compaction of keys";
    }
    return Step.of(schema, kind, text.toString(), compaction::run, rows);
  }
}
