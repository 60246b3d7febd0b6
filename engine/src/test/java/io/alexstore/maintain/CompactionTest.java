package io.alexstore.maintain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.commit.OnConflict;
import io.alexstore.io.FileStore;
import io.alexstore.key.KeyRange;
import io.alexstore.log.Operation;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.log.SnapshotEdit;
import io.alexstore.log.TableLog;
import io.alexstore.row.ArrayRow;
import io.alexstore.row.Cursor;
import io.alexstore.row.Row;
import io.alexstore.schema.Column;
import io.alexstore.schema.DecimalType;
import io.alexstore.schema.IntervalType;
import io.alexstore.schema.ListType;
import io.alexstore.schema.MapType;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.schema.StringType;
import io.alexstore.schema.StructType;
import io.alexstore.schema.TableKey;
import io.alexstore.schema.TimeType;
import io.alexstore.schema.Values;
import io.alexstore.table.AlexTable;
import io.alexstore.table.TableWriter;
import io.alexstore.testkit.CrashSimulatingFileStore;
import io.alexstore.testkit.RandomizedTest;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CompactionTest {

  private final FileStore store = new CrashSimulatingFileStore();

  private Snapshot snapshot() throws IOException {
    return new TableLog(store, Kit.PATH).load();
  }

  @Test
  void smallSegmentsBecomeOneAndASecondRunHasNothingToDo() throws Exception {
    Kit.create(store);
    for (int i = 0; i < 10; i++) {
      Kit.write(store, OnConflict.ERROR, "w" + i, List.of((long) i, 20L + i, 40L + i));
    }
    SortedMap<Long, String> rows = Kit.rows(store);
    Compaction.Result result = Compaction.of(store, Kit.PATH).run();
    assertThat(result.commits()).isEqualTo(1);
    assertThat(result.removedSegments()).isEqualTo(10);
    assertThat(result.addedSegments()).isEqualTo(1);
    assertThat(result.rows()).isEqualTo(30);
    assertThat(snapshot().segments()).hasSize(1);
    assertThat(snapshot().operation()).isEqualTo(Operation.COMPACT);
    assertThat(Kit.rows(store)).isEqualTo(rows);
    assertThat(Kit.rows(store, 10)).isEqualTo(rows);
    Kit.requireClean(store, "after");
    assertThat(Compaction.of(store, Kit.PATH).run().commits()).isZero();
    assertThat(Compaction.of(store, Kit.PATH).all().run().commits()).isZero();
  }

  @Test
  void aBoundedOneMakesOneCommitAndOnlyIfItPays() throws Exception {
    Kit.create(store);
    for (int i = 0; i < 7; i++) {
      Kit.write(store, OnConflict.ERROR, "w" + i, List.of((long) i, 20L + i));
    }
    assertThat(Compaction.of(store, Kit.PATH).bounded(8, 1 << 20).run().commits()).isZero();
    Kit.write(store, OnConflict.ERROR, "last", List.of(100L));
    SortedMap<Long, String> rows = Kit.rows(store);
    long bytes = snapshot().bytes();
    // Of two groups, as the bytes allow, one.
    Compaction.Result most = Compaction.of(store, Kit.PATH).bounded(2, bytes / 4 * 3).run();
    assertThat(most.commits()).isEqualTo(1);
    assertThat(most.removedSegments()).isBetween(4, 6);
    Compaction.Result rest = Compaction.of(store, Kit.PATH).bounded(2, 1 << 20).run();
    assertThat(rest.commits()).isEqualTo(1);
    assertThat(snapshot().segments()).hasSize(1);
    assertThat(Kit.rows(store)).isEqualTo(rows);
    // What is a fourth of the bytes or more stays as it is.
    Kit.write(store, OnConflict.ERROR, "new", List.of(101L));
    long large = snapshot().segments().stream().mapToLong(s -> s.bytes()).max().orElseThrow();
    assertThat(Compaction.of(store, Kit.PATH).bounded(2, large * 4).run().commits()).isZero();
    assertThatThrownBy(() -> Compaction.of(store, Kit.PATH).bounded(1, 1 << 20))
        .hasMessageContaining("minSegments");
  }

  @Test
  void muchDeletedSegmentsAreWrittenAnewAndOthersStay() throws Exception {
    Kit.create(store);
    Kit.write(store, OnConflict.ERROR, "a", Kit.keys(0, 2_000));
    Kit.delete(store, Kit.keys(100, 101));
    long fewDeleted = snapshot().segments().get(0).bytes();
    // Segments are as large as is aimed at, so none is small.
    assertThat(compactionFor(fewDeleted).minDeletedShare(0.3).run().commits()).isZero();
    Kit.delete(store, Kit.keys(0, 200));
    SegmentEntry first = snapshot().segments().get(0);
    assertThat(first.deletedRows()).isGreaterThan(first.rows() / 3);
    int others = snapshot().segments().size() - 1;
    Compaction.Result result = compactionFor(fewDeleted).minDeletedShare(0.3).run();
    assertThat(result.removedSegments()).isEqualTo(1);
    assertThat(result.rows()).isEqualTo(first.liveRows());
    assertThat(snapshot().deletedRows()).isZero();
    assertThat(snapshot().segments()).hasSize(others + result.addedSegments());
    assertThat(Kit.rows(store)).isEqualTo(Kit.expected("a", Kit.keys(200, 2_000)));
    Kit.requireClean(store, "after");
  }

  /** With a target so small that no segment counts as small. */
  private Compaction compactionFor(long bytes) {
    return Kit.compaction(store).targetSegmentSize(bytes / 2);
  }

  @Test
  void aRangeOfKeysLeavesTheRestAlone() throws Exception {
    Kit.create(store);
    for (int i = 0; i < 4; i++) {
      Kit.write(store, OnConflict.ERROR, "low", List.of((long) i));
      Kit.write(store, OnConflict.ERROR, "high", List.of(100L + i));
    }
    Compaction.of(store, Kit.PATH).range(KeyRange.atMost(50L)).run();
    assertThat(snapshot().segments()).hasSize(5);
    assertThat(snapshot().segments().get(0).rows()).isEqualTo(4);
  }

  @Test
  void everythingCanBePutInOrder() throws Exception {
    Kit.create(store);
    Kit.write(store, OnConflict.ERROR, "a", Kit.keys(0, 3_000));
    for (int i = 0; i < 5; i++) {
      Kit.write(store, OnConflict.UPDATE, "u" + i, List.of(10L * i, 1_000L + i, 2_900L));
    }
    assertThat(snapshot().isDisjoint()).isFalse();
    SortedMap<Long, String> rows = Kit.rows(store);
    Kit.compaction(store).all().run();
    assertThat(snapshot().isDisjoint()).isTrue();
    assertThat(snapshot().deletedRows()).isZero();
    assertThat(Kit.rows(store)).isEqualTo(rows);
    Kit.requireClean(store, "after");
  }

  @Test
  void readersKeepTheirVersion() throws Exception {
    Kit.create(store);
    Kit.write(store, OnConflict.ERROR, "a", Kit.keys(0, 100));
    Kit.write(store, OnConflict.UPDATE, "b", Kit.keys(50, 150));
    try (AlexTable reader = AlexTable.open(store, Kit.PATH);
        Cursor cursor = reader.scan()) {
      assertThat(cursor.next()).isTrue();
      SortedMap<Long, String> rows = Kit.rows(store);
      Compaction.of(store, Kit.PATH).run();
      int count = 1;
      while (cursor.next()) {
        count++;
      }
      assertThat(count).isEqualTo(150);
      assertThat(Kit.rows(reader)).isEqualTo(rows);
    }
  }

  @Test
  void optionsMustMakeSense() {
    Compaction compaction = Compaction.of(store, Kit.PATH);
    assertThatThrownBy(() -> compaction.minDeletedShare(0)).hasMessageContaining("above 0");
    assertThatThrownBy(() -> compaction.maxAttempts(0)).hasMessageContaining("at least 1");
  }

  // --- values ---

  private static Schema allTypes() {
    int id = 1;
    List<Column> columns = new ArrayList<>();
    columns.add(new Column(id, "k", StringType.BINARY_ORDER, false));
    columns.add(new Column(++id, "n", ScalarType.INT, true));
    for (ScalarType type : ScalarType.values()) {
      columns.add(new Column(++id, "c" + type, type, true));
    }
    columns.add(new Column(++id, "s", StringType.BINARY_ORDER, true));
    columns.add(new Column(++id, "small", new DecimalType(10, 2), true));
    columns.add(new Column(++id, "large", new DecimalType(38, 10), true));
    columns.add(new Column(++id, "t", new TimeType(6), true));
    columns.add(
        new Column(
            ++id, "i", new IntervalType(IntervalType.Field.YEAR, IntervalType.Field.MONTH), true));
    StructType struct =
        new StructType(
            List.of(
                new Column(++id, "x", ScalarType.DOUBLE, true),
                new Column(++id, "l", new ListType(++id, StringType.BINARY_ORDER, true), true)));
    columns.add(new Column(++id, "st", struct, true));
    columns.add(
        new Column(
            ++id, "m", new MapType(++id, ScalarType.INT, ++id, ScalarType.FLOAT, true), true));
    return new Schema(0, columns, new TableKey(TableKey.Kind.SORT, List.of(1, 2)), id);
  }

  /** Values that are made up when they are asked for, the same for the same seed. */
  private record RandomValues(Schema schema, long seed, boolean isNested) implements Values {
    private Random random(int i) {
      return new Random(seed * 1_000L + i);
    }

    @Override
    public int size() {
      return isNested ? 3 : schema.columns().size();
    }

    @Override
    public boolean isNull(int i) {
      boolean isKey = !isNested && i == 0;
      return !isKey && random(i).nextInt(4) == 0;
    }

    @Override
    public long getLong(int i) {
      boolean isKey = !isNested && i == 1;
      if (isKey) {
        return random(i).nextInt(20) - 10L;
      }
      // Fits a byte, so that it fits every type; booleans take the lowest bit.
      boolean isBoolean = !isNested && schema.columns().get(i).type() == ScalarType.BOOLEAN;
      return isBoolean ? random(i).nextInt(2) : random(i).nextInt(100);
    }

    @Override
    public float getFloat(int i) {
      float[] special = {-0.0f, Float.NaN, Float.NEGATIVE_INFINITY, 1.5f};
      return special[random(i).nextInt(4)];
    }

    @Override
    public double getDouble(int i) {
      double[] special = {-0.0, Double.NaN, Double.POSITIVE_INFINITY, 0.1};
      return special[random(i).nextInt(4)];
    }

    @Override
    public BigInteger getBigInteger(int i) {
      return new BigInteger(100, random(i)).negate();
    }

    @Override
    public byte[] getBytes(int i) {
      boolean isKey = !isNested && i == 0;
      return ("v" + random(i).nextInt(isKey ? 30 : 1_000_000)).getBytes(StandardCharsets.UTF_8);
    }

    private Values nested(int i) {
      return new NotNull(new RandomValues(schema, seed * 31 + i, true));
    }

    @Override
    public Values getStruct(int i) {
      boolean isStruct = !isNested && schema.columns().get(i).type() instanceof StructType;
      return isStruct ? new RandomValues(schema, seed * 31 + i, true) : nested(i);
    }

    @Override
    public Values getList(int i) {
      return new RandomValues(schema, seed * 37 + i, true);
    }

    @Override
    public Values getMapKeys(int i) {
      return nested(i);
    }

    @Override
    public Values getMapValues(int i) {
      return new RandomValues(schema, seed * 41 + i, true);
    }
  }

  /** The same values where none may be null. */
  private record NotNull(RandomValues values) implements Values {
    @Override
    public int size() {
      return values.size();
    }

    @Override
    public boolean isNull(int i) {
      return false;
    }

    @Override
    public long getLong(int i) {
      return values.getLong(i);
    }

    @Override
    public float getFloat(int i) {
      return values.getFloat(i);
    }

    @Override
    public double getDouble(int i) {
      return values.getDouble(i);
    }

    @Override
    public BigInteger getBigInteger(int i) {
      return values.getBigInteger(i);
    }

    @Override
    public byte[] getBytes(int i) {
      return values.getBytes(i);
    }

    @Override
    public Values getStruct(int i) {
      return values.getStruct(i);
    }

    @Override
    public Values getList(int i) {
      return values.getList(i);
    }

    @Override
    public Values getMapKeys(int i) {
      return values.getMapKeys(i);
    }

    @Override
    public Values getMapValues(int i) {
      return values.getMapValues(i);
    }
  }

  /** All values of a table as text, with the bits of floating-point numbers; sorted. */
  private static List<String> texts(AlexTable table) {
    List<String> texts = new ArrayList<>();
    try (Cursor cursor = table.scan()) {
      while (cursor.next()) {
        texts.add(text(cursor.row()));
      }
    }
    texts.sort(null);
    return texts;
  }

  private static String text(Row row) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      values.add(row.schema().columns().get(i).id() + "=" + text(row.get(i)));
    }
    return values.toString();
  }

  private static String text(Object value) {
    if (value instanceof byte[] bytes) {
      return Arrays.toString(bytes);
    } else if (value instanceof Float f) {
      return "f" + Integer.toHexString(Float.floatToRawIntBits(f));
    } else if (value instanceof Double d) {
      return "d" + Long.toHexString(Double.doubleToRawLongBits(d));
    } else if (value instanceof List<?> list) {
      return list.stream().map(CompactionTest::text).toList().toString();
    } else if (value instanceof Map<?, ?> map) {
      Map<String, String> sorted = new TreeMap<>();
      map.forEach((k, v) -> sorted.put(text(k), text(v)));
      return sorted.toString();
    }
    return String.valueOf(value);
  }

  @RandomizedTest(iterations = 5)
  void everyTypeSurvivesWithItsBitsAndDuplicatesOfASortKeyToo(Random random) throws Exception {
    Schema schema = allTypes();
    AlexTable.create(store, Kit.PATH, schema, Map.of()).close();
    for (int write = 0; write < 4; write++) {
      List<ArrayRow> rows = new ArrayList<>();
      for (int i = random.nextInt(200); i >= 0; i--) {
        rows.add(ArrayRow.copyOf(schema, new RandomValues(schema, random.nextInt(), false)));
      }
      try (AlexTable table = AlexTable.open(store, Kit.PATH);
          TableWriter writer = table.appender(Kit.SMALL)) {
        rows.sort(
            (a, b) ->
                Arrays.compareUnsigned(
                    table.keyCodec().encode(a.get(0), a.get(1)),
                    table.keyCodec().encode(b.get(0), b.get(1))));
        for (ArrayRow row : rows) {
          writer.append(row);
        }
        writer.commit();
      }
    }
    try (AlexTable before = AlexTable.open(store, Kit.PATH)) {
      Kit.requireClean(store, "before");
      assertThat(Kit.compaction(store).all().run().commits()).isPositive();
      Kit.requireClean(store, "after");
      try (AlexTable after = AlexTable.open(store, Kit.PATH)) {
        assertThat(after.snapshot().rows()).isEqualTo(before.snapshot().rows());
        assertThat(texts(after)).isEqualTo(texts(before));
      }
    }
  }

  @Test
  void segmentsOfAnEarlierSchemaGetThePresentOne() throws Exception {
    Kit.create(store);
    for (int i = 0; i < 3; i++) {
      Kit.write(store, OnConflict.ERROR, "old", List.of((long) i));
    }
    TableLog log = new TableLog(store, Kit.PATH);
    Schema old = log.load().schema();
    List<Column> columns = new ArrayList<>(old.columns());
    columns.add(new Column(3, "added", ScalarType.INT, true, "", Optional.of("7")));
    Schema wider = new Schema(1, columns, old.key(), 3);
    log.publish(
        log.load(),
        SnapshotEdit.of("alter", Optional.of(wider), Optional.empty(), List.of(), List.of()));
    for (int i = 10; i < 13; i++) {
      try (AlexTable table = AlexTable.open(store, Kit.PATH);
          TableWriter writer = table.appender(Kit.SMALL)) {
        writer.append(ArrayRow.of(wider, (long) i, "new", i));
        writer.commit();
      }
    }
    try (AlexTable before = AlexTable.open(store, Kit.PATH)) {
      assertThat(Compaction.of(store, Kit.PATH).run().removedSegments()).isEqualTo(6);
      try (AlexTable after = AlexTable.open(store, Kit.PATH)) {
        assertThat(texts(after)).isEqualTo(texts(before));
        assertThat(after.snapshot().segments())
            .extracting(SegmentEntry::schemaId)
            .containsExactly(1);
      }
    }
    Kit.requireClean(store, "after");
  }

  @Test
  void aTextKeyIsMerged() throws Exception {
    Schema schema =
        new SchemaBuilder()
            .column("k", StringType.BINARY_ORDER)
            .column("v", ScalarType.LONG)
            .primaryKey("k")
            .build();
    AlexTable.create(store, Kit.PATH, schema, Map.of()).close();
    for (String part : List.of("a c e", "b d", "aa f")) {
      try (AlexTable table = AlexTable.open(store, Kit.PATH);
          TableWriter writer = table.appender(Kit.SMALL)) {
        for (String k : part.split(" ")) {
          writer.append(ArrayRow.of(schema, k, 1L));
        }
        writer.commit();
      }
    }
    Compaction.of(store, Kit.PATH).run();
    try (AlexTable table = AlexTable.open(store, Kit.PATH);
        Cursor cursor = table.scan()) {
      List<String> keys = new ArrayList<>();
      while (cursor.next()) {
        keys.add(cursor.row().getString("k"));
      }
      assertThat(keys).containsExactly("a", "aa", "b", "c", "d", "e", "f");
    }
  }
}
