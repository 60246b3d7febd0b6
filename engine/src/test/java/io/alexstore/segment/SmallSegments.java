package io.alexstore.segment;

import io.alexstore.io.LocalFileStore;
import io.alexstore.schema.ColumnType;
import io.alexstore.schema.DecimalType;
import io.alexstore.schema.IntervalType;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.schema.StringType;
import io.alexstore.schema.TableKey;
import io.alexstore.schema.TimeType;
import io.alexstore.segment.RandomTable.Keyed;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** Small segments of every kind of key region, with columns of every type; always the same rows. */
final class SmallSegments {
  static final UUID TABLE = new UUID(0x1111, 0x2222);

  /** One for each kind of key region. */
  enum Kind {
    INT(ScalarType.LONG),
    GATHERED(ScalarType.LONG, ScalarType.INT),
    FIXED(new DecimalType(38, 0)),
    VARIABLE(StringType.BINARY_ORDER, ScalarType.SHORT),
    /** A sort key with nulls and duplicates. */
    SORTED(ScalarType.INT),
    /** With strings and numbers that are worth compressing. */
    COMPRESSED(ScalarType.LONG);

    private final List<ColumnType> keyTypes;

    Kind(ColumnType... keyTypes) {
      this.keyTypes = List.of(keyTypes);
    }

    /** The kind of the key region, as the metadata names it. */
    String region() {
      return switch (this) {
        case SORTED -> "gathered";
        case COMPRESSED -> "int";
        default -> name().toLowerCase(Locale.ROOT);
      };
    }
  }

  private SmallSegments() {}

  static Schema schema(Kind kind) {
    SchemaBuilder builder = new SchemaBuilder();
    String[] names = new String[kind.keyTypes.size()];
    for (int i = 0; i < names.length; i++) {
      names[i] = "key" + i;
      builder.column(names[i], kind.keyTypes.get(i), kind == Kind.SORTED);
    }
    if (kind == Kind.COMPRESSED) {
      builder
          .column("text", StringType.BINARY_ORDER)
          .column("blob", ScalarType.BINARY, false)
          .column("topic", StringType.BINARY_ORDER)
          .column("rate", ScalarType.DOUBLE);
      return builder.key(TableKey.Kind.PRIMARY, List.of(names)).build();
    }
    return builder
        .column("flag", ScalarType.BOOLEAN)
        .column("tiny", ScalarType.BYTE)
        .column("small", ScalarType.SHORT)
        .column("count", ScalarType.INT)
        .column("total", ScalarType.LONG, false)
        .column("ratio", ScalarType.FLOAT)
        .column("score", ScalarType.DOUBLE)
        .column("day", ScalarType.DATE)
        .column("at", ScalarType.TIMESTAMP)
        .column("clock", new TimeType(6))
        .column("price", new DecimalType(12, 2))
        .column("amount", new DecimalType(38, 4))
        .column("name", StringType.BINARY_ORDER)
        .column("city", StringType.BINARY_ORDER)
        .column("label", new StringType("UTF8_LCASE"))
        .column("data", ScalarType.BINARY)
        .column("months", new IntervalType(IntervalType.Field.YEAR, IntervalType.Field.MONTH))
        .column("calendar", ScalarType.CALENDAR_INTERVAL)
        .column("variant", ScalarType.VARIANT)
        .column("empty", ScalarType.INT)
        .column("tags", SchemaBuilder.list(StringType.BINARY_ORDER))
        .column("map", SchemaBuilder.map(ScalarType.INT, ScalarType.DOUBLE))
        .column(
            "place",
            SchemaBuilder.struct(
                SchemaBuilder.field("x", ScalarType.INT),
                SchemaBuilder.field("points", SchemaBuilder.list(ScalarType.LONG))))
        .key(kind == Kind.SORTED ? TableKey.Kind.SORT : TableKey.Kind.PRIMARY, List.of(names))
        .build();
  }

  static List<Keyed> rows(Kind kind, int count) {
    Schema schema = schema(kind);
    RandomTable table = RandomTable.of(schema);
    List<Keyed> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      TestValues row = row(kind, i);
      rows.add(new Keyed(table.key(row), row));
    }
    rows.sort((a, b) -> Arrays.compareUnsigned(a.key(), b.key()));
    return rows;
  }

  private static TestValues row(Kind kind, int i) {
    List<Object> items = new ArrayList<>();
    switch (kind) {
      case INT, COMPRESSED -> items.add(i * 37L - 500);
      case GATHERED -> items.addAll(List.of(100_000L + i / 3, (long) (i % 3)));
      case FIXED -> items.add(BigInteger.valueOf(i - 7L).multiply(BigInteger.TEN.pow(i % 30)));
      case SORTED -> items.add(i % 11 == 0 ? null : (Object) (long) (i / 4 + 3));
      case VARIABLE -> items.addAll(List.of(utf8("key/" + "x".repeat(i % 5) + i), (long) i));
    }
    if (kind == Kind.COMPRESSED) {
      String text =
          "the number after " + (i - 1) + " is " + i + ", and the one after it " + (i + 1);
      byte[] blob = utf8((text + " — größer ").repeat(3));
      blob[i % 7] = (byte) i;
      items.addAll(
          Arrays.asList(
              i % 6 == 2 ? null : utf8(text),
              blob,
              i % 9 == 4
                  ? null
                  : utf8("a topic that returns, and is so long: " + "abc ".repeat(25) + i % 5),
              i % 5 == 0 ? null : (Object) ((i * 7919 % 10_000 - 3000) / 100.0)));
      return new TestValues(items);
    }
    boolean odd = i % 2 == 1;
    items.addAll(
        Arrays.asList(
            odd ? 1L : 0L,
            i % 7 == 0 ? null : (Object) (long) (byte) (i * 11),
            (long) (short) (i * 1001),
            i % 5 == 0 ? null : (Object) (i * 1_000_003L % 100_000),
            i * 0x9E3779B97F4A7C15L,
            i / 3f,
            i % 4 == 0 ? null : (Object) (i % 6 / 2.0),
            18_000L + i,
            1_700_000_000_000_000L + i * 1_000_000L,
            i * 1_000L,
            i * 199L,
            i % 9 == 0 ? null : BigInteger.valueOf(i).pow(9).subtract(BigInteger.TEN.pow(20)),
            utf8("name of " + i),
            i % 8 == 0 ? null : utf8(i % 3 == 0 ? "Oslo" : "Rome"),
            utf8(odd ? "A" : "b"),
            new byte[] {(byte) i, 0, (byte) (i >> 3)},
            (long) i,
            i % 6 == 0 ? null : TestValues.of((long) i, -1L, i * 7L),
            TestValues.of(new byte[] {1, (byte) i}, new byte[] {0x11}),
            null,
            i % 5 == 1 ? null : strings(i % 4),
            new TestValues.Entries(
                TestValues.of((long) i, i + 1L), TestValues.of(odd ? null : 0.5, 1.5)),
            i % 10 == 3
                ? null
                : TestValues.of(odd ? null : (Object) (long) i, TestValues.of(1L, (long) i))));
    return new TestValues(items);
  }

  private static TestValues strings(int count) {
    Object[] strings = new Object[count];
    for (int i = 0; i < count; i++) {
      strings[i] = i == 1 ? null : utf8("tag" + i);
    }
    return TestValues.of(strings);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Writes a segment with row groups of 16 rows. */
  static SegmentInfo write(Path file, Schema schema, List<Keyed> rows) throws IOException {
    SegmentOptions options =
        SegmentOptions.defaults()
            .withRowGroup(16, 1 << 20)
            .withSpillDirectory(file.toAbsolutePath().getParent().toString());
    try (var writer =
        SegmentWriter.create(LocalFileStore.INSTANCE, file.toString(), TABLE, schema, options)) {
      for (Keyed row : rows) {
        writer.append(row.row());
      }
      return writer.finish();
    }
  }
}
