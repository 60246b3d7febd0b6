package io.alexstore.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.key.EncodedRange;
import io.alexstore.key.KeyForm;
import io.alexstore.key.KeyRanges;
import io.alexstore.segment.SegmentInfo;
import io.alexstore.testkit.CrashSimulatingFileStore;
import io.alexstore.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The segments that ranges leave are those that a walk over all of them leaves. */
class SegmentsForTest {

  private static byte[] bytes(int i) {
    return new byte[] {(byte) (i >> 8), (byte) i};
  }

  private static byte[] key(KeyForm form, int i) {
    return form == KeyForm.LONG ? SegmentInfo.longKeyBytes(i) : bytes(i);
  }

  private static EncodedRange range(KeyForm form, Random random, int keys) {
    int low = random.nextInt(keys);
    int high = low + random.nextInt(12);
    if (form == KeyForm.LONG) {
      return new EncodedRange.OfLongs(low, high);
    }
    return new EncodedRange.OfBytes(
        random.nextInt(9) == 0 ? new byte[0] : bytes(low),
        random.nextInt(9) == 0 ? null : bytes(high + 1));
  }

  @Test
  void rangesLeaveWhatAWalkLeaves() {
    Seeds.run(
        100,
        random -> {
          KeyForm form = random.nextBoolean() ? KeyForm.LONG : KeyForm.BYTES;
          int n = random.nextInt(200);
          List<SegmentEntry> added = new ArrayList<>();
          for (int i = 0; i < n; i++) {
            int min = random.nextInt(n * 4);
            byte[] max = key(form, min + random.nextInt(9));
            UUID id = new UUID(random.nextLong(), i);
            added.add(new SegmentEntry(id, null, 0, 1, 1, key(form, min), max, 0));
          }
          TableLog log = new TableLog(new CrashSimulatingFileStore(), "t");
          Snapshot s =
              log.create(
                  UUID.randomUUID(), SnapshotEdit.create(LogEntryTest.schema(), Map.of(), added));
          for (int q = 0; q < 20; q++) {
            List<EncodedRange> ranges = new ArrayList<>();
            for (int i = random.nextInt(random.nextBoolean() ? 5 : 300); i > 0; i--) {
              ranges.add(range(form, random, n * 4 + 10));
            }
            KeyRanges all = KeyRanges.of(form, ranges);
            assertThat(s.segmentsFor(all))
                .isEqualTo(s.segments().stream().filter(e -> e.overlaps(all)).toList());
          }
        });
  }
}
