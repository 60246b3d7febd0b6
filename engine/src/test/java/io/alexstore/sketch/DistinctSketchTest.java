package io.alexstore.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.dynatrace.hash4j.distinctcount.UltraLogLog;
import io.alexstore.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class DistinctSketchTest {

  @Test
  void fewValuesAreCountedExactly() {
    for (int n = 0; n < 64; n++) {
      DistinctSketch sketch = new DistinctSketch();
      for (int i = 0; i < 3 * n; i++) {
        sketch.add(ValueHash.ofLong(i % n));
      }
      assertThat(sketch.estimate()).isEqualTo(n);
      assertThat(sketch.toBytes()).hasSize(8 * n);
    }
  }

  /** Over many sets the mean square is that of the standard error, and none is far off. */
  @Test
  void manyValuesAreCountedWithinTheError() {
    Random random = new Random(5);
    double squares = 0;
    int sets = 200;
    for (int set = 0; set < sets; set++) {
      int n = 64 + random.nextInt(100_000);
      long from = random.nextLong();
      long step = set % 2 == 0 ? 1 : random.nextInt(1 << 20) + 1;
      DistinctSketch sketch = new DistinctSketch();
      for (int i = 0; i < n; i++) {
        sketch.add(ValueHash.ofLong(from + i * step));
      }
      double error = sketch.estimate() / n - 1;
      squares += error * error;
      assertThat(error).as("of %d from %d by %d", n, from, step).isBetween(-0.2, 0.2);
    }
    assertThat(Math.sqrt(squares / sets)).isCloseTo(DistinctSketch.STANDARD_ERROR, within(0.007));
  }

  /** What is told to change nothing changes nothing, however many came before. */
  @Test
  void theSketchIsThatOfThePlainAlgorithm() {
    Seeds.run(
        20,
        random -> {
          DistinctSketch sketch = new DistinctSketch();
          UltraLogLog plain = UltraLogLog.create(9);
          int n = 1000 + random.nextInt(1_000_000);
          for (int i = 0; i < n; i++) {
            long hash = random.nextLong();
            sketch.add(hash);
            plain.add(hash);
          }
          assertThat(sketch.toBytes()).isEqualTo(plain.getState());
        });
  }

  @Test
  void theUnionOfSketchesIsTheSketchOfTheUnion() {
    Seeds.run(
        100,
        random -> {
          DistinctSketch whole = new DistinctSketch();
          DistinctSketch union = new DistinctSketch();
          for (int parts = 1 + random.nextInt(4); parts > 0; parts--) {
            DistinctSketch part = new DistinctSketch();
            int range = 1 + random.nextInt(random.nextBoolean() ? 100 : 10_000);
            for (int i = random.nextInt(3000); i > 0; i--) {
              long hash = ValueHash.ofLong(random.nextInt(range));
              part.add(hash);
              whole.add(hash);
            }
            union.addAll(part.toBytes());
          }
          assertThat(union.toBytes()).isEqualTo(whole.toBytes());
          assertThat(union.estimate()).isEqualTo(whole.estimate());
        });
  }

  /** Sketches stand in files: neither the library nor a change here may make others of them. */
  @Test
  void hashesAndSketchesAreWhatTheyEverWere() {
    assertThat(ValueHash.ofLong(0)).isEqualTo(0xe220a8397b1dcdafL);
    assertThat(ValueHash.ofLong(-1)).isEqualTo(0xe4d971771b652c20L);
    assertThat(ValueHash.ofDouble(1.5)).isEqualTo(ValueHash.ofLong(0x3ff8000000000000L));
    byte[] text = "alexstore".getBytes(StandardCharsets.UTF_8);
    assertThat(ValueHash.ofBytes(text, 0, 0)).isEqualTo(0x2d06800538d394c2L);
    assertThat(HexFormat.of().toHexDigits(ValueHash.ofBytes(text, 0, text.length)))
        .isEqualTo("40f2cfa0ac36e2a4");
    DistinctSketch sketch = new DistinctSketch();
    for (int i = 0; i < 200; i++) {
      sketch.add(ValueHash.ofLong(i));
    }
    byte[] bytes = sketch.toBytes();
    assertThat(HexFormat.of().formatHex(bytes, 0, 32))
        .isEqualTo("00002800002000202c2828000020000000300038000000000000002000000000");
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    assertThat(crc.getValue()).isEqualTo(0x41057ea0L);
    assertThat(sketch.estimate()).isCloseTo(200, within(20.0));
  }

  @Test
  void equalValuesHaveOneHashWhateverTheirType() {
    assertThat(ValueHash.ofDouble(-0.0)).isEqualTo(ValueHash.ofDouble(0.0));
    assertThat(ValueHash.ofDouble(Double.longBitsToDouble(0xfff8000000000123L)))
        .isEqualTo(ValueHash.ofDouble(Double.NaN));
    for (long value : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, 42}) {
      assertThat(ValueHash.ofInt128(value, value >> 63)).isEqualTo(ValueHash.ofLong(value));
    }
    assertThat(ValueHash.ofInt128(7, 9)).isEqualTo(0x870ed6c1c956ee44L);
  }

  @Test
  void whatIsNoSketchIsRefused() {
    DistinctSketch sketch = new DistinctSketch();
    assertThatThrownBy(() -> sketch.addAll(new byte[7])).hasMessageContaining("has 7 bytes");
    assertThatThrownBy(() -> sketch.addAll(new byte[520])).hasMessageContaining("has 520 bytes");
    assertThatThrownBy(() -> sketch.addAll(new byte[16])).hasMessageContaining("do not ascend");
    assertThat(sketch.estimate()).isZero();
  }
}
