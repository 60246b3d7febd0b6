package io.alexstore.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.error.CorruptFileException;
import io.alexstore.io.LocalFileStore;
import io.alexstore.io.MappedFile;
import io.alexstore.schema.Column;
import io.alexstore.schema.ColumnType;
import io.alexstore.schema.DecimalType;
import io.alexstore.schema.PhysicalType;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.schema.StringType;
import io.alexstore.segment.RandomTable.Keyed;
import io.alexstore.sketch.DistinctSketch;
import io.alexstore.testkit.Seeds;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What segments tell of their columns is what a simple count of their rows says. */
class SegmentStatisticsTest {
  private static final UUID TABLE = new UUID(1, 2);

  /** Six times the standard error. */
  private static final double MOST = 6 * DistinctSketch.STANDARD_ERROR;

  @TempDir Path directory;

  @Test
  void statisticsOfRandomTables() {
    Seeds.run(
        80,
        random -> {
          int count = 1 + random.nextInt(random.nextInt(4) == 0 ? 5000 : 300);
          RandomTable table = RandomTable.of(random, count);
          SegmentOptions options =
              SegmentOptions.defaults()
                  .withRowGroup(1 + random.nextInt(600), 1 + random.nextInt(50_000))
                  .withSpillDirectory(directory.toString())
                  .withTargetSegmentSize(random.nextBoolean() ? 1 << 20 : 20_000);
          check(table, options);
        });
  }

  private void check(RandomTable table, SegmentOptions options) throws IOException {
    Path data = Files.createTempDirectory(directory, "data");
    Set<Integer> ids =
        table.schema.columns().stream().map(Column::id).collect(Collectors.toUnmodifiableSet());
    StatisticsMerge all = new StatisticsMerge(table.schema, ids);
    int from = 0;
    for (SegmentInfo info : write(table.schema, table.rows, data, options)) {
      List<Keyed> rows = table.rows.subList(from, from + info.rowCount());
      from += info.rowCount();
      try (Segment segment = Segment.open(LocalFileStore.INSTANCE, info.path())) {
        StatisticsMerge one = new StatisticsMerge(table.schema, ids);
        one.add(segment, info.rowCount(), info.rowCount());
        check(table.schema, rows, one.summaries());
        all.add(segment, info.rowCount(), info.rowCount());
      }
    }
    check(table.schema, table.rows, all.summaries());
  }

  private static List<SegmentInfo> write(
      Schema schema, List<Keyed> rows, Path data, SegmentOptions options) throws IOException {
    try (var writer =
        new RollingSegmentWriter(
            LocalFileStore.INSTANCE, data.toString(), TABLE, schema, options)) {
      for (Keyed row : rows) {
        writer.append(row.row());
      }
      return writer.finish();
    }
  }

  private static void check(Schema schema, List<Keyed> rows, Map<Integer, ColumnSummary> told) {
    for (int i = 0; i < schema.columns().size(); i++) {
      Column column = schema.columns().get(i);
      int place = i;
      boolean none =
          column.type().physical().isNested()
              || (column.type() instanceof StringType string && !string.isBinaryOrder());
      if (none) {
        assertThat(told).doesNotContainKey(column.id());
        continue;
      }
      List<Object> values =
          rows.stream().map(row -> row.row().items().get(place)).filter(Objects::nonNull).toList();
      ColumnSummary summary = told.get(column.id());
      String what = column.name() + " " + column.type();
      assertThat(summary.rows()).isEqualTo(rows.size());
      assertThat(summary.nullCount()).as(what).isEqualTo(rows.size() - values.size());
      long distinct = values.stream().map(SegmentStatisticsTest::canonical).distinct().count();
      if (distinct < 64) {
        assertThat(summary.distinctCount()).as(what).isEqualTo(distinct);
      } else {
        assertThat((double) summary.distinctCount() / distinct)
            .as(what)
            .isBetween(1 - MOST, 1 + MOST);
      }
      checkBounds(what, column.type(), values, summary);
      if (summary.maxLength().isPresent()) {
        int[] lengths = values.stream().mapToInt(value -> ((byte[]) value).length).toArray();
        long sum = 0;
        long most = 0;
        for (int length : lengths) {
          sum += length;
          most = Math.max(most, length);
        }
        long n = Math.max(1, lengths.length);
        assertThat(summary.maxLength()).as(what).hasValue(most);
        assertThat(summary.averageLength()).as(what).hasValue((sum + n - 1) / n);
      }
    }
  }

  /** Equal for equal values. */
  private static Object canonical(Object value) {
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    } else if (value instanceof Float || value instanceof Double) {
      return ((Number) value).doubleValue() + 0.0;
    }
    return value;
  }

  private static void checkBounds(
      String what, ColumnType type, List<Object> values, ColumnSummary summary) {
    Comparable<?> min = null;
    Comparable<?> max = null;
    for (Object value : values) {
      Object canonical = canonical(value);
      if (type.physical() == PhysicalType.BYTES
          || (canonical instanceof Double number && number.isNaN())) {
        continue;
      }
      Comparable<?> form = (Comparable<?>) canonical;
      if (type instanceof DecimalType && form instanceof Long number) {
        form = BigInteger.valueOf(number);
      }
      min = min == null || compare(form, min) < 0 ? form : min;
      max = max == null || compare(form, max) > 0 ? form : max;
    }
    if (!summary.min().isPresent() && min != null) {
      // Of a segment with NaN alone no bounds are known, and so none of all.
      assertThat(type.physical()).as(what).isIn(PhysicalType.FLOAT32, PhysicalType.FLOAT64);
      return;
    }
    assertThat((Object) summary.min().orElse(null)).as(what).isEqualTo(min);
    assertThat((Object) summary.max().orElse(null)).as(what).isEqualTo(max);
  }

  @SuppressWarnings("unchecked")
  private static int compare(Comparable<?> a, Comparable<?> b) {
    return ((Comparable<Object>) a).compareTo(b);
  }

  // --- other columns than were written ---

  private static Schema schema(ColumnType type) {
    return new SchemaBuilder()
        .column("id", ScalarType.LONG, false)
        .column("v", type)
        .primaryKey("id")
        .build();
  }

  private ColumnSummary widened(ColumnType from, ColumnType to, Object... values)
      throws IOException {
    Schema written = schema(from);
    Schema now = schema(to);
    List<Keyed> rows = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      rows.add(new Keyed(new byte[0], TestValues.of((long) i, values[i])));
    }
    Path data = Files.createTempDirectory(directory, "data");
    SegmentOptions options = SegmentOptions.defaults().withSpillDirectory(directory.toString());
    SegmentInfo info = write(written, rows, data, options).get(0);
    int id = now.columns().get(1).id();
    StatisticsMerge merge = new StatisticsMerge(now, Set.of(id));
    try (Segment segment = Segment.open(LocalFileStore.INSTANCE, info.path())) {
      merge.add(segment, values.length, values.length);
    }
    return merge.summaries().get(id);
  }

  @Test
  void narrowerTypesAreToldAsTheTypesOfNow() throws IOException {
    ColumnSummary ints = widened(ScalarType.BYTE, ScalarType.LONG, 3L, -5L, null, 3L);
    assertThat(ints.distinctCount()).isEqualTo(2);
    assertThat(ints.min()).isEqualTo(Optional.of(-5L));
    ColumnSummary doubles = widened(ScalarType.FLOAT, ScalarType.DOUBLE, 0.1f, 0.1f, 2f);
    assertThat(doubles.distinctCount()).isEqualTo(2);
    assertThat(doubles.min()).isEqualTo(Optional.of((double) 0.1f));
    ColumnSummary decimals =
        widened(new DecimalType(10, 2), new DecimalType(30, 2), 100L, 250L, 100L);
    assertThat(decimals.distinctCount()).isEqualTo(2);
    assertThat(decimals.max()).isEqualTo(Optional.of(BigInteger.valueOf(250)));
    ColumnSummary days = widened(ScalarType.DATE, ScalarType.TIMESTAMP_NTZ, 1L, 2L, 2L);
    assertThat(days.distinctCount()).isEqualTo(2);
    assertThat(days.max()).isEqualTo(Optional.of(2 * 86_400_000_000L));
  }

  // --- files ---

  @ParameterizedTest
  @EnumSource(SmallSegments.Kind.class)
  void oldSegmentsTellNothing(SmallSegments.Kind kind) throws Exception {
    URL golden = SegmentStatisticsTest.class.getResource("/golden/segment/v1/" + kind + ".alexseg");
    String path = Path.of(golden.toURI()).toString();
    try (Segment segment = Segment.open(LocalFileStore.INSTANCE, path)) {
      assertThat(segment.statistics().size()).isZero();
      Set<Integer> ids =
          segment.schema().columns().stream().map(Column::id).collect(Collectors.toSet());
      StatisticsMerge merge = new StatisticsMerge(segment.schema(), ids);
      merge.add(segment, segment.rowCount(), segment.rowCount());
      assertThat(merge.summaries()).isEmpty();
    }
  }

  @Test
  void aWriterThatIsToldToLeavesThemOut() throws IOException {
    Path data = Files.createTempDirectory(directory, "data");
    SegmentOptions options =
        SegmentOptions.defaults()
            .withSpillDirectory(directory.toString())
            .withStatistics(false)
            .withMaxRowBytes(1000);
    List<Keyed> rows = List.of(new Keyed(new byte[0], TestValues.of(1L, 2L)));
    SegmentInfo info = write(schema(ScalarType.INT), rows, data, options).get(0);
    try (Segment segment = Segment.open(LocalFileStore.INSTANCE, info.path())) {
      assertThat(segment.statistics().size()).isZero();
    }
  }

  @Test
  void theFirst256ColumnsAreTold() throws IOException {
    SchemaBuilder builder = new SchemaBuilder().column("id", ScalarType.LONG, false);
    Object[] values = new Object[301];
    values[0] = 1L;
    for (int i = 1; i <= 300; i++) {
      builder.column("c" + i, ScalarType.INT);
      values[i] = (long) i;
    }
    Path data = Files.createTempDirectory(directory, "data");
    SegmentOptions options = SegmentOptions.defaults().withSpillDirectory(directory.toString());
    List<Keyed> rows = List.of(new Keyed(new byte[0], TestValues.of(values)));
    SegmentInfo info = write(builder.primaryKey("id").build(), rows, data, options).get(0);
    try (Segment segment = Segment.open(LocalFileStore.INSTANCE, info.path())) {
      assertThat(segment.statistics().size()).isEqualTo(StatisticsBuilder.MAX_COLUMNS);
    }
  }

  // --- damage ---

  private byte[] small(SmallSegments.Kind kind) throws IOException {
    Path file = directory.resolve(kind + ".alexseg");
    SmallSegments.write(file, SmallSegments.schema(kind), SmallSegments.rows(kind, 100));
    return Files.readAllBytes(file);
  }

  private static SegmentMetadata.Section section(byte[] bytes) {
    MappedFile map = new MappedFile("s.alexseg", ByteBuffer.wrap(bytes));
    return SegmentFile.open("s.alexseg", map, ReadOptions.DEFAULT).metadata().statistics();
  }

  /** The rows can be read all the same. */
  @Test
  void aFlippedByteIsFoundByItsChecksumWhenStatisticsAreRead() throws IOException {
    byte[] bytes = small(SmallSegments.Kind.INT);
    int at = section(bytes).offset() + section(bytes).length() / 2;
    bytes[at] ^= 4;
    MappedFile map = new MappedFile("s.alexseg", ByteBuffer.wrap(bytes));
    try (Segment segment = Segment.open(map, ReadOptions.DEFAULT)) {
      assertThatThrownBy(segment::statistics)
          .isInstanceOf(CorruptFileException.class)
          .hasMessageContaining("checksum");
      assertThat(segment.row(0).size()).isEqualTo(segment.schema().columns().size());
    } catch (CorruptFileException e) {
      assertThat(e).hasMessageContaining("checksum"); // The metadata stand in the same block.
    }
  }

  /**
   * With any byte flipped, and checksums that do not tell, there is an error or some statistics.
   */
  @ParameterizedTest
  @EnumSource(SmallSegments.Kind.class)
  void bytesThatCannotBeAreAnErrorThatSaysWhy(SmallSegments.Kind kind) throws IOException {
    byte[] file = small(kind);
    SegmentMetadata.Section section = section(file);
    Schema schema = SmallSegments.schema(kind);
    byte[] bytes = new byte[section.length()];
    System.arraycopy(file, section.offset(), bytes, 0, bytes.length);
    assertThat(SegmentStatistics.fromBytes(bytes, schema, 100).size()).isPositive();
    int refused = 0;
    for (int at = 0; at < bytes.length; at++) {
      for (int mask : new int[] {1, 0x80, 0xff}) {
        bytes[at] ^= (byte) mask;
        try {
          SegmentStatistics told = SegmentStatistics.fromBytes(bytes, schema, 100);
          for (Column column : schema.columns()) {
            told.of(column.id()).ifPresent(one -> new DistinctSketch().addAll(one.sketch()));
          }
        } catch (IllegalArgumentException e) {
          assertThat(e.getMessage()).isNotBlank();
          refused++;
        }
        bytes[at] ^= (byte) mask;
      }
    }
    assertThat(refused).isPositive();
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> SegmentStatistics.fromBytes(cut, schema, 100))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void whatCannotBeIsNamed() throws IOException {
    byte[] file = small(SmallSegments.Kind.INT);
    SegmentMetadata.Section section = section(file);
    Schema schema = SmallSegments.schema(SmallSegments.Kind.INT);
    byte[] bytes = new byte[section.length()];
    System.arraycopy(file, section.offset(), bytes, 0, bytes.length);
    ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int id = view.getInt(8);
    view.putInt(8, 999);
    assertThatThrownBy(() -> SegmentStatistics.fromBytes(bytes, schema, 100))
        .hasMessageContaining("id 999");
    view.putInt(8, id).putInt(16, 101);
    assertThatThrownBy(() -> SegmentStatistics.fromBytes(bytes, schema, 100))
        .hasMessageContaining("'key0'")
        .hasMessageContaining("101 nulls in 100 rows");
    view.putInt(16, 0).putInt(0, 1_000_000);
    assertThatThrownBy(() -> SegmentStatistics.fromBytes(bytes, schema, 100))
        .hasMessageContaining("too few for 1000000 columns");
  }
}
