package io.alexstore.spark.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.log.SegmentEntry;
import io.alexstore.spark.read.Positions;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Which blocks a sample draws. */
class SystemSampleTest {

  private static final int ROWS = 10_000 * SystemSample.BLOCK_ROWS - 7;
  private static final SegmentEntry SEGMENT = segment(1);

  private static SegmentEntry segment(long id) {
    byte[] key = new byte[8];
    return new SegmentEntry(new UUID(id, 42), null, 0, ROWS, 1, key, key, 0);
  }

  private static int[] draw(double lower, double upper, long seed, int... runs) {
    return new SystemSample(lower, upper, seed).of(SEGMENT, runs);
  }

  @Test
  void theSameSeedDrawsTheSameBlocksAndAnotherOthers() {
    int[] some = draw(0, 0.1, 7, 0, ROWS);
    assertThat(draw(0, 0.1, 7, 0, ROWS)).isEqualTo(some);
    assertThat(draw(0, 0.1, 8, 0, ROWS)).isNotEqualTo(some);
    assertThat(new SystemSample(0, 0.1, 7).of(segment(2), 0, ROWS)).isNotEqualTo(some);
    // Six standard deviations of 10,000 draws.
    assertThat(Positions.count(some) / (double) ROWS).isBetween(0.082, 0.118);
    assertThat(draw(0, 1, 7, 0, ROWS)).containsExactly(0, ROWS);
    assertThat(draw(0, 0, 7, 0, ROWS)).isEmpty();
  }

  @Test
  void samplesWhoseBoundsDoNotMeetShareNoRowAndMakeUpAll() {
    int[] low = draw(0, 0.4, 3, 0, ROWS);
    int[] high = draw(0.4, 1, 3, 0, ROWS);
    assertThat(Positions.intersect(low, high)).isEmpty();
    assertThat(Positions.count(low) + Positions.count(high)).isEqualTo(ROWS);
  }

  @Test
  void ofSomeRowsThoseOfTheBlocksAreDrawn() {
    int[] runs = {5, 6, 1000, 70_000, 90_000, 90_001, 500_000, 2_000_000};
    int[] all = draw(0, 0.5, 11, 0, ROWS);
    assertThat(draw(0, 0.5, 11, runs)).isEqualTo(Positions.intersect(runs, all));
  }
}
