package io.alexstore.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.schema.SchemaChange.Add;
import io.alexstore.schema.SchemaChange.After;
import io.alexstore.schema.SchemaChange.AllowNulls;
import io.alexstore.schema.SchemaChange.Drop;
import io.alexstore.schema.SchemaChange.First;
import io.alexstore.schema.SchemaChange.Last;
import io.alexstore.schema.SchemaChange.Move;
import io.alexstore.schema.SchemaChange.Rename;
import io.alexstore.schema.SchemaChange.SetMetadata;
import io.alexstore.schema.SchemaChange.Widen;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which changes of columns are allowed, which ids they get, and how defaults are written down. */
class SchemaEvolutionTest {

  private final Schema base =
      new SchemaBuilder()
          .column("id", ScalarType.INT)
          .column("a", ScalarType.INT)
          .column("s", SchemaBuilder.struct(SchemaBuilder.field("x", ScalarType.FLOAT)))
          .column("l", SchemaBuilder.list(ScalarType.DATE))
          .column(
              "m",
              SchemaBuilder.map(
                  SchemaBuilder.struct(SchemaBuilder.field("k", ScalarType.INT)), ScalarType.INT))
          .primaryKey("id")
          .build();

  private Schema apply(SchemaChange... changes) {
    return SchemaEvolution.apply(base, List.of(changes), 9);
  }

  private static String names(Schema schema) {
    return schema.columns().stream().map(c -> c.id() + ":" + c.name()).toList().toString();
  }

  @Test
  void idsAreNeverUsedAgain() {
    int last = base.lastColumnId();
    Schema first = apply(new Add("n", ScalarType.INT), new Drop(List.of("n")));
    assertThat(first).isSameAs(base); // No version ever had the column.
    Schema with = apply(new Add("n", ScalarType.INT));
    assertThat(with.id()).isEqualTo(9);
    assertThat(with.lastColumnId()).isEqualTo(last + 1);
    Schema without = SchemaEvolution.apply(with, List.of(new Drop(List.of("n"))), 10);
    Schema again =
        SchemaEvolution.apply(
            without, List.of(new Add("n", SchemaBuilder.list(ScalarType.INT))), 11);
    assertThat(again.columns().get(5).id()).isEqualTo(last + 2);
    assertThat(((ListType) again.columns().get(5).type()).elementId()).isEqualTo(last + 3);
    assertThat(again.lastColumnId()).isEqualTo(last + 3);
  }

  @Test
  void columnsAreMovedAndRenamed() {
    Schema moved =
        apply(
            new Move(List.of("m"), new First()),
            new Move(List.of("id"), new After("s")),
            new Rename(List.of("id"), "number"),
            new Rename(List.of("s", "x"), "y"),
            new SetMetadata(List.of("s", "y"), "{\"comment\":\"c\"}"));
    assertThat(names(moved)).isEqualTo("[7:m, 2:a, 3:s, 1:number, 5:l]");
    assertThat(moved.keyColumns().get(0).name()).isEqualTo("number");
    Column field = ((StructType) moved.columns().get(2).type()).fields().get(0);
    assertThat(field.name()).isEqualTo("y");
    assertThat(field.metadata()).contains("comment");
    assertThat(apply(new Move(List.of("a"), new After("id")))).isSameAs(base);
  }

  @Test
  void typesAreWidenedEverywhere() {
    Schema wide =
        apply(
            new Widen(List.of("id"), ScalarType.LONG),
            new Widen(List.of("s", "x"), ScalarType.DOUBLE),
            new Widen(List.of("l", "element"), ScalarType.TIMESTAMP_NTZ),
            new Widen(List.of("m", "key", "k"), ScalarType.LONG),
            new Widen(List.of("m", "value"), ScalarType.LONG),
            new AllowNulls(List.of("a")));
    assertThat(wide.columns().stream().map(c -> TypeNames.name(c.type())).toList())
        .containsExactly(
            "long",
            "int",
            "struct<x: double>",
            "list<timestamp_ntz>",
            "map<struct<k: long>, long>");
  }

  private void refuse(SchemaChange change, String... because) {
    assertThatThrownBy(() -> apply(change))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .contains(because);
  }

  @Test
  void whatCannotBeIsRefused() {
    refuse(new Drop(List.of("id")), "'id' is part of the key", "Make a new table");
    refuse(new AllowNulls(List.of("id")), "'id' is part of the key", "Leave it NOT NULL");
    refuse(new Widen(List.of("a"), ScalarType.SHORT), "of type int cannot become short");
    refuse(new Widen(List.of("a"), ScalarType.DOUBLE), TypeWidening.RULES, "add a column");
    refuse(new Widen(List.of("l"), ScalarType.LONG), "list<date> cannot become long");
    refuse(
        new Add(List.of("n"), ScalarType.INT, false, "", null, new Last()),
        "'n' cannot be added as NOT NULL without a default");
    refuse(new Add("a", ScalarType.INT), "There is a column 'a' already");
    refuse(new Add("", ScalarType.INT), "would have no name");
    refuse(new Rename(List.of("a"), "s"), "There is a column 's' already");
    refuse(
        new Add(List.of("n"), ScalarType.INT, true, "", "text", new Last()),
        "'n' of type int cannot take text");
    refuse(
        new Add(List.of("n"), ScalarType.INT, true, "", null, new After("nowhere")),
        "'nowhere' is not one of");
    refuse(new Drop(List.of("s", "x")), "only field of its struct");
    refuse(new Drop(List.of("s", "nowhere")), "'nowhere' is not one of [x]");
    refuse(new Drop(List.of("l", "element")), "fields are those of structs");
    refuse(new Drop(List.of("a", "b")), "'a.b' would be a field of int");
    refuse(
        new Add(List.of("m", "key", "n"), ScalarType.INT, true, "", null, new Last()),
        "part of a map's keys");
    refuse(new AllowNulls(List.of("m", "key")), "keys are never null");
    Schema checked =
        base.withChecks(
            1, List.of(new CheckConstraint("c", CheckConstraint.SPARK, "s.x > 0", List.of(3, 4))));
    for (SchemaChange change :
        List.of(new Drop(List.of("s")), new Rename(List.of("s", "x"), "y"))) {
      assertThatThrownBy(() -> SchemaEvolution.apply(checked, List.of(change), 2))
          .hasMessageContaining("CHECK constraint 'c' (s.x > 0) names it. Drop the constraint");
    }
  }

  @Test
  void onlyIntegersOfTheKeyAreWidened() {
    Schema dated = new SchemaBuilder().column("d", ScalarType.DATE).sortKey("d").build();
    assertThatThrownBy(
            () ->
                SchemaEvolution.apply(
                    dated, List.of(new Widen(List.of("d"), ScalarType.TIMESTAMP_NTZ)), 1))
        .hasMessageContaining("only integers of the key can be widened");
  }

  // ---- defaults as text

  private static void text(ColumnType type, Object value, String text) {
    assertThat(ValueJson.toText("c", type, value)).isEqualTo(text);
    assertThat(ValueJson.fromText("c", type, text))
        .usingRecursiveComparison()
        .withEqualsForType(Double::equals, Double.class)
        .withEqualsForType(Float::equals, Float.class)
        .isEqualTo(value);
  }

  @Test
  void defaultsAreWrittenDown() {
    text(ScalarType.BOOLEAN, true, "true");
    text(ScalarType.LONG, Long.MIN_VALUE, "-9223372036854775808");
    text(ScalarType.DOUBLE, -0.0, "-0.0");
    text(ScalarType.DOUBLE, Double.NEGATIVE_INFINITY, "\"-Infinity\"");
    text(ScalarType.DOUBLE, 4.9e-324, "4.9E-324");
    text(ScalarType.FLOAT, Float.NaN, "\"NaN\"");
    text(ScalarType.FLOAT, 1.1f, "1.100000023841858");
    text(new DecimalType(10, 2), new BigDecimal("-12.50"), "\"-12.50\"");
    text(new DecimalType(38, 0), new BigDecimal("9".repeat(38)), "\"" + "9".repeat(38) + "\"");
    text(StringType.BINARY_ORDER, "a\"\u00e4", "\"a\\\"\u00e4\"");
    text(ScalarType.BINARY, new byte[] {1, 2, 3}, "\"AQID\"");
    text(ScalarType.DATE, LocalDate.of(12020, 1, 31), "\"+12020-01-31\"");
    text(
        ScalarType.TIMESTAMP,
        Instant.parse("2020-01-31T10:00:00.5Z"),
        "\"2020-01-31T10:00:00.500Z\"");
    text(
        ScalarType.TIMESTAMP_NTZ,
        LocalDateTime.parse("2020-01-31T10:00:00"),
        "\"2020-01-31T10:00\"");
    text(new TimeType(6), LocalTime.parse("10:00:00.000001"), "\"10:00:00.000001\"");
    IntervalType months = new IntervalType(IntervalType.Field.YEAR, IntervalType.Field.MONTH);
    assertThat(ValueJson.toText("c", months, Period.ofMonths(14))).isEqualTo("14");
    assertThat(ValueJson.fromText("c", months, "14")).isEqualTo(14L);
    IntervalType time = new IntervalType(IntervalType.Field.DAY, IntervalType.Field.SECOND);
    assertThat(ValueJson.toText("c", time, Duration.ofMillis(1))).isEqualTo("1000");
    text(base.columns().get(2).type(), List.of(1.5f), "{\"4\":1.5}");
    text(
        base.columns().get(3).type(),
        Arrays.asList(LocalDate.of(2020, 1, 1), null),
        "[\"2020-01-01\",null]");
    Map<Object, Object> map = new LinkedHashMap<>();
    map.put("k", 1L);
    text(SchemaBuilder.map(StringType.BINARY_ORDER, ScalarType.LONG), map, "[[\"k\",1]]");
    assertThat(ValueJson.toText("c", ScalarType.INT, null)).isEqualTo("null");
    assertThat(ValueJson.fromText("c", ScalarType.INT, "null")).isNull();
  }

  @Test
  void aDefaultIsReadUnderAWiderType() {
    assertThat(ValueJson.fromText("c", ScalarType.TIMESTAMP_NTZ, "\"2020-01-31\""))
        .isEqualTo(LocalDateTime.parse("2020-01-31T00:00:00"));
    assertThat(
            ValueJson.fromText(
                "c", ScalarType.DOUBLE, ValueJson.toText("c", ScalarType.FLOAT, 1.1f)))
        .isEqualTo((double) 1.1f);
  }

  @Test
  void aDefaultThatIsNoneMakesTheColumnWrong() {
    for (String text : List.of("\"x\"", "1.5", "[", "{}", "1 2", "9223372036854775808")) {
      assertThatThrownBy(() -> new Column(1, "c", ScalarType.LONG, true, "", Optional.of(text)))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the default of column 'c' of type long cannot be");
    }
  }
}
