package io.alexstore.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.testkit.Seeds;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class KeyFilterTest {

  private static final int KEYS = 20_000;

  /** Adds the keys that a function gives for 0 and on, and asks for them and as many others. */
  private static void check(LongUnaryOperator key) {
    KeyFilter filter = KeyFilter.forKeys(KEYS);
    KeyFilter ofBytes = KeyFilter.forKeys(KEYS);
    for (int i = 0; i < KEYS; i++) {
      filter.add(KeyFilter.hash(key.applyAsLong(i)));
      ofBytes.add(KeyFilter.hash(bytes(key.applyAsLong(i))));
    }
    int wrong = 0;
    int wrongOfBytes = 0;
    for (int i = 0; i < KEYS; i++) {
      assertThat(filter.mayHave(KeyFilter.hash(key.applyAsLong(i)))).isTrue();
      assertThat(ofBytes.mayHave(KeyFilter.hash(bytes(key.applyAsLong(i))))).isTrue();
      long absent = key.applyAsLong(KEYS + i);
      wrong += filter.mayHave(KeyFilter.hash(absent)) ? 1 : 0;
      wrongOfBytes += ofBytes.mayHave(KeyFilter.hash(bytes(absent))) ? 1 : 0;
    }
    assertThat(wrong).isLessThan(KEYS * 4 / 100);
    assertThat(wrongOfBytes).isLessThan(KEYS * 4 / 100);
  }

  private static byte[] bytes(long key) {
    return ByteBuffer.allocate(11).putLong(key).array();
  }

  @Test
  void itIsRarelyWrongAndNeverAboutKeysThatItHas() {
    check(i -> i);
    check(i -> -i);
    check(i -> i << 32);
    check(i -> i * 1000 + (1L << 50));
    Seeds.run(
        2,
        random -> {
          long[] keys = random.longs(2 * KEYS).toArray();
          check(i -> keys[(int) i]);
        });
  }

  @Test
  void addingSaysWhetherAKeyMayHaveBeenThere() {
    KeyFilter filter = KeyFilter.forKeys(1000);
    assertThat(filter.add(KeyFilter.hash(42))).isFalse();
    assertThat(filter.add(KeyFilter.hash(42))).isTrue();
  }

  @Test
  void keysOfBytesThatDifferInLengthOrOneByteHaveOtherHashes() {
    Set<Long> hashes = new HashSet<>();
    byte[] random = new byte[40];
    new Random(3).nextBytes(random);
    int made = 0;
    for (int length = 0; length < 40; length++) {
      hashes.add(KeyFilter.hash(new byte[length]));
      byte[] key = Arrays.copyOf(random, length);
      for (int i = 0; i < length; i++) {
        key[i] ^= 1;
        hashes.add(KeyFilter.hash(key));
        key[i] ^= 1;
        made++;
      }
      made++;
    }
    assertThat(hashes).hasSize(made);
  }

  @Test
  void aFilterForNoKeysTakesThemAllTheSame() {
    KeyFilter filter = KeyFilter.forKeys(0);
    filter.add(KeyFilter.hash(7));
    assertThat(filter.mayHave(KeyFilter.hash(7))).isTrue();
    assertThat(filter.memoryBytes()).isLessThan(100);
  }
}
