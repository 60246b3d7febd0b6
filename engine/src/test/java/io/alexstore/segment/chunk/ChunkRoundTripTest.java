package io.alexstore.segment.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.schema.Column;
import io.alexstore.schema.ColumnType;
import io.alexstore.schema.ListType;
import io.alexstore.schema.MapType;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.StructType;
import io.alexstore.schema.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Random rows of random schemas, drained in random groups, come back as they were. */
class ChunkRoundTripTest {

  private final Set<String> seen = new TreeSet<>();

  @Test
  void rowsComeBack() {
    long seed = Long.getLong("alexstore.seed", System.nanoTime());
    SplittableRandom seeds = new SplittableRandom(seed);
    for (int round = 0; round < 120; round++) {
      try {
        checkTable(new SplittableRandom(seeds.nextLong()));
      } catch (Exception | AssertionError e) {
        throw new AssertionError("round " + round + " of -Dalexstore.seed=" + seed, e);
      }
    }
    assertThat(seen)
        .contains(
            "INT32:1", "INT64:2", "INT64:4", "BOOLEAN:2", "FLOAT64:1", "FLOAT64:8", "FLOAT32:4")
        .contains("INT128:1", "INT128:4", "BYTES:3", "BYTES:4", "LIST:5", "MAP:5", "STRUCT:0")
        .contains("INT64:0", "BYTES:0");
  }

  private void checkTable(SplittableRandom random) {
    RandomColumns columns = new RandomColumns(random);
    Column[] list = new Column[1 + random.nextInt(6)];
    for (int i = 0; i < list.length; i++) {
      list[i] = columns.column(random.nextInt(4));
    }
    Schema schema = ChunkFiles.schema(list);
    NodeTree tree = new NodeTree(schema);
    RowGroupBuffer buffer = new RowGroupBuffer(schema, tree);
    List<ModelValues> held = new ArrayList<>();
    for (int group = 0; group < 4; group++) {
      columns.reshape();
      for (int n = random.nextInt(1 << random.nextInt(10)); n >= 0; n--) {
        Object[] row = new Object[list.length + 1];
        for (int i = 0; i < list.length; i++) {
          row[i + 1] = columns.value(list[i].type(), list[i].nullable());
        }
        held.add(new ModelValues(row));
        buffer.append(held.get(held.size() - 1));
      }
      if (random.nextInt(3) == 0) {
        int kept = random.nextInt(held.size() + 1);
        buffer.truncate(kept);
        held = new ArrayList<>(held.subList(0, kept));
      }
      assertThat(buffer.rows()).isEqualTo(held.size());
      int drained = random.nextInt(held.size() + 1);
      long estimate = buffer.bytes();
      List<EncodedChunk> chunks = buffer.drain(drained);
      assertThat(chunks).hasSize(tree.nodeCount());
      long size = chunks.stream().mapToLong(c -> c.bytes().remaining()).sum();
      assertThat(size).isLessThanOrEqualTo(estimate + 100L * tree.nodeCount());
      ChunkFiles.GroupFile file = ChunkFiles.write(chunks);
      checkGroup(schema, tree, file, held.subList(0, drained), random.nextBoolean());
      held = new ArrayList<>(held.subList(drained, held.size()));
    }
    while (buffer.rows() > 0) {
      buffer.drain(1);
    }
    assertThat(buffer.bytes()).isZero();
  }

  private void checkGroup(
      Schema schema,
      NodeTree tree,
      ChunkFiles.GroupFile file,
      List<ModelValues> rows,
      boolean touch) {
    ChunkView[] views = new ChunkView[schema.columns().size()];
    for (int i = 1; i < views.length; i++) {
      views[i] = file.open(tree, tree.nodeOf(i), rows.size());
      if (touch) {
        views[i].touchAll();
      }
      Object[] column = new Object[rows.size()];
      for (int p = 0; p < column.length; p++) {
        column[p] = rows.get(p).values()[i];
      }
      checkColumn(views[i], column);
    }
    ChunkValues row = new ChunkValues(views, 0);
    assertThat(tree.nodeOf(0)).isEqualTo(-1);
    for (int p = 0; p < rows.size(); p++) {
      row.moveTo(p);
      for (int i = 1; i < views.length; i++) {
        checkValue(schema.columns().get(i).type(), rows.get(p), i, row, i);
      }
    }
  }

  private void checkValue(ColumnType type, Values expected, int e, Values actual, int a) {
    assertThat(actual.isNull(a)).isEqualTo(expected.isNull(e));
    if (expected.isNull(e)) {
      return;
    }
    switch (type.physical()) {
      case BOOLEAN, INT8, INT16, INT32, INT64 ->
          assertThat(actual.getLong(a)).isEqualTo(expected.getLong(e));
      case FLOAT32 ->
          assertThat(Float.floatToRawIntBits(actual.getFloat(a)))
              .isEqualTo(Float.floatToRawIntBits(expected.getFloat(e)));
      case FLOAT64 ->
          assertThat(Double.doubleToRawLongBits(actual.getDouble(a)))
              .isEqualTo(Double.doubleToRawLongBits(expected.getDouble(e)));
      case INT128 -> assertThat(actual.getBigInteger(a)).isEqualTo(expected.getBigInteger(e));
      case BYTES -> assertThat(actual.getBytes(a)).isEqualTo(expected.getBytes(e));
      case STRUCT -> {
        List<ColumnType> types = new ArrayList<>();
        if (type instanceof StructType struct) {
          struct.fields().forEach(field -> types.add(field.type()));
        } else {
          types.addAll(((ScalarType) type).parts());
        }
        Values expectedStruct = expected.getStruct(e);
        Values struct = actual.getStruct(a);
        assertThat(struct.size()).isEqualTo(types.size());
        for (int i = 0; i < types.size(); i++) {
          checkValue(types.get(i), expectedStruct, i, struct, i);
        }
      }
      case LIST -> checkList(((ListType) type).element(), expected.getList(e), actual.getList(a));
      case MAP -> {
        MapType map = (MapType) type;
        checkList(map.key(), expected.getMapKeys(e), actual.getMapKeys(a));
        checkList(map.value(), expected.getMapValues(e), actual.getMapValues(a));
      }
    }
  }

  private void checkList(ColumnType type, Values expected, Values actual) {
    assertThat(actual.size()).isEqualTo(expected.size());
    for (int i = 0; i < expected.size(); i++) {
      checkValue(type, expected, i, actual, i);
    }
  }

  /** Checks statistics and bulk reads of a chunk and those below. */
  private void checkColumn(ChunkView view, Object[] values) {
    if (view.count() > 1) {
      seen.add(view.node().physical() + ":" + view.entry().encoding());
    }
    StatisticsModel.check(view.entry(), view.node().type(), values);
    BulkModel.check(view);
    switch (view.node().physical()) {
      case STRUCT -> {
        for (int f = 0; f < view.childCount(); f++) {
          Object[] fields = new Object[values.length];
          for (int i = 0; i < fields.length; i++) {
            fields[i] = values[i] == null ? null : ((ModelValues) values[i]).values()[f];
          }
          checkColumn(view.child(f), fields);
        }
      }
      case LIST -> {
        List<Object> elements = new ArrayList<>();
        for (Object value : values) {
          if (value != null) {
            elements.addAll(Arrays.asList(((ModelValues) value).values()));
          }
        }
        checkColumn(view.child(0), elements.toArray());
      }
      case MAP -> {
        List<Object> keys = new ArrayList<>();
        List<Object> mapped = new ArrayList<>();
        for (Object value : values) {
          if (value instanceof ModelValues.MapModel map) {
            keys.addAll(Arrays.asList(map.keys().values()));
            mapped.addAll(Arrays.asList(map.values().values()));
          }
        }
        checkColumn(view.child(0), keys.toArray());
        checkColumn(view.child(1), mapped.toArray());
      }
      default -> assertThat(view.childCount()).isZero();
    }
  }
}
