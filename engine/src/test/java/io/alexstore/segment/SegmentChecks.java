package io.alexstore.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.key.EncodedRange;
import io.alexstore.key.KeyBytes;
import io.alexstore.key.KeyForm;
import io.alexstore.row.Cursor;
import io.alexstore.schema.Column;
import io.alexstore.schema.PhysicalType;
import io.alexstore.schema.Values;
import io.alexstore.segment.RandomTable.Keyed;
import io.alexstore.segment.chunk.ChunkView;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Holds an open segment to the rows that it was written from. */
final class SegmentChecks {
  private SegmentChecks() {}

  static void check(Segment segment, List<Keyed> rows, Random random) {
    assertThat(segment.rowCount()).isEqualTo(rows.size());
    checkRows(segment, rows);
    checkKeyColumns(segment, rows, random);
    checkBytesRanges(segment, rows);
    for (int i = 0; i < rows.size(); i++) {
      checkProbe(segment, rows, rows.get(i).key());
    }
    for (int i = 0; i < 100; i++) {
      checkProbe(segment, rows, probe(segment, rows, random));
    }
    checkRanges(segment, rows, random);
    checkFindAll(segment, rows, random);
  }

  /** All rows, and all lookups of keys that are there: cheaper than {@link #check}. */
  static void readAll(Segment segment, List<Keyed> rows) {
    for (Consumer<Segment> way : waysToRead(rows)) {
      way.accept(segment);
    }
  }

  /** The ways to read a segment, each of which throws an AssertionError for a wrong answer. */
  static List<Consumer<Segment>> waysToRead(List<Keyed> rows) {
    Random random = new Random(3);
    byte[] between = KeyBytes.next(rows.get(rows.size() / 2).key());
    return List.of(
        s -> checkRows(s, rows),
        s -> checkKeyColumns(s, rows, random),
        s -> checkBytesRanges(s, rows),
        s -> rows.forEach(row -> checkProbe(s, rows, row.key())),
        s -> {
          if (s.keyForm() == KeyForm.BYTES) {
            checkProbe(s, rows, between);
          } else {
            checkProbe(s, rows, SegmentInfo.longKeyBytes(asLong(rows.get(7).key()) + 1));
          }
        },
        s -> checkRanges(s, rows, random),
        s -> checkFindAll(s, rows, random),
        s -> checkOneColumn(s, rows, random));
  }

  private static void checkOneColumn(Segment segment, List<Keyed> rows, Random random) {
    int position = random.nextInt(rows.size());
    List<Column> columns = segment.schema().columns();
    assertThat(TestValues.text(columns, segment.row(position)))
        .isEqualTo(TestValues.text(columns, rows.get(position).row()));
  }

  static void checkRows(Segment segment, List<Keyed> rows) {
    List<Column> columns = segment.schema().columns();
    try (Cursor cursor = segment.rows(0, segment.rowCount())) {
      for (int i = 0; i < rows.size(); i++) {
        assertThat(cursor.next()).isTrue();
        String expected = TestValues.text(columns, rows.get(i).row());
        assertThat(TestValues.text(columns, cursor.row())).isEqualTo(expected);
        assertThat(segment.keyBytes(i)).isEqualTo(rows.get(i).key());
      }
      assertThat(cursor.next()).isFalse();
    }
    int last = rows.size() - 1;
    assertThat(TestValues.text(columns, segment.row(last)))
        .isEqualTo(TestValues.text(columns, rows.get(last).row()));
  }

  private static void checkKeyColumns(Segment segment, List<Keyed> rows, Random random) {
    List<Column> keyColumns = segment.keyCodec().columns();
    int[] places = segment.schema().keyIndexes();
    for (int k = 0; k < keyColumns.size(); k++) {
      KeyColumnView view = segment.keyColumn(k);
      PhysicalType physical = keyColumns.get(k).type().physical();
      for (int n = 0; n < rows.size(); n++) {
        int i = random.nextInt(rows.size());
        Values row = rows.get(i).row();
        boolean isNull = row.isNull(places[k]);
        assertThat(view.isNull(i)).isEqualTo(isNull);
        if (isNull) {
          continue;
        }
        if (physical.isIntegral()) {
          assertThat(view.getLong(i)).isEqualTo(row.getLong(places[k]));
        } else if (physical == PhysicalType.BYTES) {
          byte[] expected = row.getBytes(places[k]);
          assertThat(view.getBytes(i)).isEqualTo(expected);
          long range = view.bytesRange(i);
          if (range >= 0) {
            assertThat(bytes(segment, range)).isEqualTo(expected);
          }
        }
      }
      if (physical.isIntegral()) {
        long[] values = new long[rows.size() + 1];
        view.getLongs(0, rows.size(), values, 1);
        for (int i = 0; i < rows.size(); i++) {
          Values row = rows.get(i).row();
          if (!row.isNull(places[k])) {
            assertThat(values[i + 1]).isEqualTo(row.getLong(places[k]));
          }
        }
      }
    }
  }

  private static void checkBytesRanges(Segment segment, List<Keyed> rows) {
    List<Column> columns = segment.schema().columns();
    int[] positions = new int[rows.size() + 1];
    positions[rows.size()] = -1;
    for (int i = 0; i < rows.size(); i++) {
      positions[i] = rows.size() - 1 - i;
    }
    long[] ranges = new long[positions.length];
    for (int c = 0; c < columns.size(); c++) {
      boolean isBytes = columns.get(c).type().physical() == PhysicalType.BYTES;
      if (!isBytes || segment.as(segment.schema()).keyColumnOf(c) >= 0) {
        continue;
      }
      segment.bytesRanges(c, positions, positions.length, ranges);
      assertThat(ranges[rows.size()]).isEqualTo(-1);
      for (int i = 0; i < rows.size(); i++) {
        Values row = rows.get(positions[i]).row();
        if (row.isNull(c)) {
          assertThat(ranges[i]).isEqualTo(-1);
        } else if (ranges[i] == ChunkView.COMPRESSED) {
          ChunkView chunk = segment.as(segment.schema()).chunkAt(c, positions[i]);
          assertThat(chunk.isInPlace()).isFalse();
          assertThat(chunk.getBytes(segment.placeOf(positions[i]))).isEqualTo(row.getBytes(c));
        } else {
          assertThat(bytes(segment, ranges[i])).isEqualTo(row.getBytes(c));
        }
      }
    }
  }

  private static byte[] bytes(Segment segment, long range) {
    byte[] bytes = new byte[(int) range];
    segment.bytes().get((int) (range >>> 32), bytes, 0, bytes.length);
    return bytes;
  }

  /** A key near those that are there. */
  private static byte[] probe(Segment segment, List<Keyed> rows, Random random) {
    byte[] probe = rows.get(random.nextInt(rows.size())).key().clone();
    if (segment.keyForm() == KeyForm.BYTES && random.nextInt(3) == 0) {
      probe = Arrays.copyOf(probe, random.nextInt(probe.length + 3));
    }
    for (int changes = random.nextInt(3); changes > 0 && probe.length > 0; changes--) {
      int at = random.nextInt(probe.length);
      probe[at] = (byte) (random.nextBoolean() ? random.nextInt() : probe[at] + 1);
    }
    return probe;
  }

  private static int lower(List<Keyed> rows, byte[] key) {
    int low = 0;
    int high = rows.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (KeyBytes.compare(rows.get(middle).key(), key) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static long asLong(byte[] key) {
    long value = 0;
    for (byte b : key) {
      value = value << 8 | (b & 0xff);
    }
    return value ^ Long.MIN_VALUE;
  }

  private static void checkProbe(Segment segment, List<Keyed> rows, byte[] key) {
    int lower = lower(rows, key);
    int upper = lower(rows, KeyBytes.next(key));
    int found = upper > lower ? lower : -1;
    if (segment.keyForm() == KeyForm.LONG) {
      long probe = asLong(key);
      assertThat(segment.find(probe)).isEqualTo(found);
      assertThat(segment.lowerBound(probe)).isEqualTo(lower);
      assertThat(segment.upperBound(probe)).isEqualTo(upper);
    } else {
      assertThat(segment.find(key)).isEqualTo(found);
      assertThat(segment.lowerBound(key, 0, key.length)).isEqualTo(lower);
      assertThat(segment.upperBound(key, 0, key.length)).isEqualTo(upper);
    }
  }

  private static void checkRanges(Segment segment, List<Keyed> rows, Random random) {
    for (int i = 0; i < 20; i++) {
      byte[] a = probe(segment, rows, random);
      byte[] b = probe(segment, rows, random);
      if (KeyBytes.compare(a, b) >= 0) {
        continue;
      }
      EncodedRange range =
          segment.keyForm() == KeyForm.LONG
              ? new EncodedRange.OfLongs(asLong(a), asLong(b) - 1)
              : new EncodedRange.OfBytes(a, b);
      assertThat(segment.from(range)).isEqualTo(lower(rows, a));
      assertThat(segment.to(range)).isEqualTo(lower(rows, b));
    }
  }

  private static void checkFindAll(Segment segment, List<Keyed> rows, Random random) {
    int count = random.nextInt(200);
    byte[][] probes = new byte[count][];
    int[] offsets = new int[count + 1];
    for (int i = 0; i < count; i++) {
      probes[i] =
          random.nextBoolean()
              ? rows.get(random.nextInt(rows.size())).key()
              : probe(segment, rows, random);
      offsets[i + 1] = offsets[i] + probes[i].length;
    }
    int[] positions = new int[count];
    if (segment.keyForm() == KeyForm.LONG) {
      segment.findAll(
          Arrays.stream(probes).mapToLong(SegmentChecks::asLong).toArray(), 0, count, positions);
    } else {
      byte[] bytes = new byte[offsets[count]];
      for (int i = 0; i < count; i++) {
        System.arraycopy(probes[i], 0, bytes, offsets[i], probes[i].length);
      }
      segment.findAll(bytes, offsets, count, positions);
    }
    for (int i = 0; i < count; i++) {
      int lower = lower(rows, probes[i]);
      boolean found = lower < rows.size() && Arrays.equals(rows.get(lower).key(), probes[i]);
      assertThat(positions[i]).isEqualTo(found ? lower : -1);
    }
  }
}
