package io.alexstore.benchmarks.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {

  private static byte[] value(long key, int version, int length) {
    byte[] value = new byte[length];
    Values.fill(key, version, value);
    return value;
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 9, 10, 15, 16, 17, 64, 100, 256, 1024, Values.MAX_BYTES})
  void tellsTheVersion(int length) {
    for (long key : new long[] {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      for (int version : new int[] {0, 1, 77, Integer.MAX_VALUE}) {
        assertThat(Values.version(key, value(key, version, length))).isEqualTo(version);
      }
      assertThat(Values.version(key + 1, value(key, 0, length))).isNegative();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 64, 1024})
  void seesThatAnEndIsOfAnotherVersion(int length) {
    byte[] torn = value(42, 1, length);
    byte[] other = value(42, 2, length);
    int tail = Math.min(8, length - 8);
    System.arraycopy(other, length - tail, torn, length - tail, tail);
    assertThatThrownBy(() -> Values.check(42, torn)).hasMessageContaining("42");
  }

  @Test
  void doesNotCompress() {
    byte[] all = new byte[100 * 1_000];
    byte[] value = new byte[100];
    for (int i = 0; i < 1_000; i++) {
      Values.fill(i, 0, value);
      System.arraycopy(value, 0, all, i * 100, 100);
    }
    Deflater deflater = new Deflater();
    deflater.setInput(all);
    deflater.finish();
    int compressed = deflater.deflate(new byte[2 * all.length]);
    deflater.end();
    assertThat(compressed).isGreaterThan(all.length * 9 / 10);
  }
}
