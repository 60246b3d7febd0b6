package io.alexstore.segment.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.schema.Column;
import io.alexstore.schema.ColumnType;
import io.alexstore.schema.DecimalType;
import io.alexstore.schema.JavaValues;
import io.alexstore.schema.ListType;
import io.alexstore.schema.MapType;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.StringType;
import io.alexstore.schema.StructType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Chunks that are read as those of a column that has changed since. */
class ChunkProjectionTest {

  private static Column field(int id, ColumnType type) {
    return new Column(id, "f" + id, type, true);
  }

  private static Column added(int id, ColumnType type, String value) {
    return new Column(id, "f" + id, type, true, "", Optional.of(value));
  }

  private static ChunkView project(ColumnType from, ColumnType to, Object... values) {
    NodeTree.Node stored = new NodeTree(ChunkFiles.schema(from)).node(0);
    NodeTree.Node node = new NodeTree(ChunkFiles.schema(to)).node(0);
    return ChunkProjection.of(stored, node).apply(ChunkFiles.view(from, values));
  }

  /** The values in their Java forms; checks on the way that reads of many agree with them. */
  private static List<Object> java(ColumnType type, ChunkView view) {
    checkBulk(view);
    ElementValues values = new ElementValues(view, 0, view.count());
    List<Object> all = new ArrayList<>();
    for (int i = 0; i < view.count(); i++) {
      all.add(JavaValues.toJava(type, values, i));
    }
    return all;
  }

  private static void checkBulk(ChunkView view) {
    boolean allNull = view.nullCount() == view.count();
    if (!allNull) {
      BulkModel.check(view);
    }
    for (int i = 0; i < view.childCount(); i++) {
      checkBulk(view.child(i));
    }
  }

  private static void expect(ColumnType from, ColumnType to, List<Object> stored, Object... read) {
    assertThat(java(to, project(from, to, stored.toArray())))
        .usingRecursiveComparison()
        .withEqualsForType(Double::equals, Double.class)
        .isEqualTo(Arrays.asList(read));
  }

  @Test
  void narrowerTypesAreWidened() {
    expect(ScalarType.BYTE, ScalarType.LONG, Arrays.asList(1L, null, -3L), 1L, null, -3L);
    expect(
        ScalarType.FLOAT,
        ScalarType.DOUBLE,
        Arrays.asList(1.1f, null, Float.NaN, 2f, 3f),
        (double) 1.1f,
        null,
        Double.NaN,
        2.0,
        3.0);
    expect(
        ScalarType.DATE,
        ScalarType.TIMESTAMP_NTZ,
        Arrays.asList(18_000L, null, -1L, 5L),
        LocalDate.ofEpochDay(18_000).atStartOfDay(),
        null,
        LocalDate.of(1969, 12, 31).atStartOfDay(),
        LocalDate.of(1970, 1, 6).atStartOfDay());
    expect(
        new DecimalType(5, 2),
        new DecimalType(30, 2),
        Arrays.asList(12_345L, null, -7L),
        new BigDecimal("123.45"),
        null,
        new BigDecimal("-0.07"));
  }

  @Test
  void aDateThatNoTimestampCanBeIsNamed() {
    ChunkView view =
        project(ScalarType.DATE, ScalarType.TIMESTAMP_NTZ, 0L, (long) Integer.MAX_VALUE);
    assertThat(view.getLong(0)).isZero();
    assertThatThrownBy(() -> view.getLong(1))
        .hasMessageContaining("2147483647 days from 1970")
        .hasMessageContaining("Read the version before");
  }

  @Test
  void fieldsThatWereAddedHaveTheirDefaults() {
    StructType from = new StructType(List.of(field(2, ScalarType.INT), field(3, ScalarType.DATE)));
    StructType inner =
        new StructType(List.of(field(21, ScalarType.INT), added(22, ScalarType.LONG, "5")));
    StructType to =
        new StructType(
            List.of(
                added(10, StringType.BINARY_ORDER, "\"x\""),
                field(2, ScalarType.LONG),
                field(11, ScalarType.DOUBLE),
                added(12, ScalarType.DOUBLE, "\"NaN\""),
                added(13, new ListType(14, StringType.BINARY_ORDER, true), "[\"a\",null,\"\"]"),
                added(15, new MapType(16, ScalarType.INT, 17, ScalarType.INT, true), "[[1,null]]"),
                added(20, inner, "{\"21\":7,\"99\":1}"),
                added(30, ScalarType.VARIANT, "[\"AQ==\",\"AQAA\"]")));
    List<Object> defaults =
        Arrays.asList(
            null,
            Double.NaN,
            Arrays.asList("a", null, ""),
            new HashMap<>(Map.of(1, 0)),
            List.of(7, 5L),
            List.of(new byte[] {1}, new byte[] {1, 0, 0}));
    @SuppressWarnings("unchecked")
    Map<Object, Object> map = (Map<Object, Object>) defaults.get(3);
    map.put(1, null);
    List<Object> first = new ArrayList<>(List.of("x", 4L));
    first.addAll(defaults);
    List<Object> third = new ArrayList<>(Arrays.asList("x", null));
    third.addAll(defaults);
    expect(
        from,
        to,
        Arrays.asList(new ModelValues(4L, 9L), null, new ModelValues(null, 9L)),
        first,
        null,
        third);
  }

  @Test
  void elementsAreProjectedWhereverTheyStand() {
    ListType from = new ListType(2, new StructType(List.of(field(3, ScalarType.FLOAT))), true);
    ListType to =
        new ListType(
            2,
            new StructType(
                List.of(added(4, StringType.BINARY_ORDER, "\"q\""), field(3, ScalarType.DOUBLE))),
            true);
    expect(
        from,
        to,
        Arrays.asList(
            new ModelValues(new ModelValues(1f), null), null, new ModelValues(new ModelValues(2f))),
        Arrays.asList(List.of("q", 1.0), null),
        null,
        List.of(List.of("q", 2.0)));
  }

  @Test
  void whatIsTheSameIsReadAsItIs() {
    NodeTree.Node node = new NodeTree(ChunkFiles.schema(ScalarType.INT)).node(0);
    assertThat(ChunkProjection.of(node, node).isIdentity()).isTrue();
    ChunkView view = ChunkFiles.view(ScalarType.INT, 1L, 2L);
    assertThat(ChunkProjection.of(node, node).apply(view)).isSameAs(view);
    assertThatThrownBy(() -> project(ScalarType.LONG, ScalarType.INT, 1L))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aStringInAllRowsIsADictionaryOfOneEntry() {
    NodeTree.Node node = new NodeTree(ChunkFiles.schema(StringType.BINARY_ORDER)).node(0);
    ChunkView view = ChunkProjection.missing(node, "all", 1000);
    assertThat(view.dictionarySize()).isEqualTo(1);
    assertThat(view.isInPlace()).isFalse();
    assertThat(new String(view.getBytes(999), StandardCharsets.UTF_8)).isEqualTo("all");
    byte[] target = new byte[5];
    assertThat(view.copyBytes(7, target, 1)).isEqualTo(3);
    assertThat(target).isEqualTo(new byte[] {0, 'a', 'l', 'l', 0});
    BulkModel.check(view);
    ChunkView nulls = ChunkProjection.missing(node, null, 1000);
    assertThat(nulls.nullCount()).isEqualTo(1000);
    assertThat(nulls.isNull(5)).isTrue();
  }
}
