package io.alexstore.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.testkit.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The segments that the interval tree finds are those that a walk over all of them finds. */
class KeyIntervalsTest {

  private static SegmentEntry segment(int min, int max) {
    return new SegmentEntry(UUID.randomUUID(), "data/x", 0, 1, 1, key(min), key(max), 0);
  }

  private static byte[] key(int i) {
    // Different lengths and negative bytes: the order must be unsigned.
    return i % 3 == 0 ? new byte[] {(byte) (i * 2)} : new byte[] {(byte) (i * 2), (byte) 0xff};
  }

  private static List<SegmentEntry> randomSegments(Random random, int longest) {
    List<SegmentEntry> segments = new ArrayList<>();
    int n = random.nextInt(20);
    for (int i = 0; i < n; i++) {
      int min = random.nextInt(100);
      segments.add(segment(min, min + random.nextInt(longest)));
    }
    segments.sort(SnapshotBuilder.BY_MIN_KEY);
    return segments;
  }

  @Test
  void findsWhatAWalkFinds() {
    Seeds.run(
        300,
        random -> {
          var segments = randomSegments(random, random.nextBoolean() ? 3 : 28);
          var intervals = new KeyIntervals(segments);
          for (int q = 0; q < 50; q++) {
            int from = random.nextInt(120);
            byte[] low = random.nextInt(5) == 0 ? null : key(from);
            byte[] high = random.nextInt(5) == 0 ? null : key(from + random.nextInt(8));
            List<Integer> found = new ArrayList<>();
            intervals.find(low, high, found::add);
            assertThat(found).isEqualTo(walk(segments, low, high));
          }
        });
  }

  private static List<Integer> walk(List<SegmentEntry> segments, byte[] low, byte[] high) {
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < segments.size(); i++) {
      SegmentEntry s = segments.get(i);
      if ((low == null || Arrays.compareUnsigned(s.maxKey(), low) >= 0)
          && (high == null || Arrays.compareUnsigned(s.minKey(), high) <= 0)) {
        found.add(i);
      }
    }
    return found;
  }

  @Test
  void disjointMeansThatNoTwoRangesMeet() {
    Seeds.run(
        300,
        random -> {
          var segments = randomSegments(random, 3);
          boolean disjoint = true;
          for (SegmentEntry a : segments) {
            for (SegmentEntry b : segments) {
              disjoint &= a.equals(b) || !a.overlaps(b);
            }
          }
          assertThat(new KeyIntervals(segments).disjoint()).isEqualTo(disjoint);
        });
  }
}
