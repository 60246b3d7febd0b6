package io.alexstore.commit;

import io.alexstore.key.KeyForm;
import io.alexstore.segment.Segment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The keys that stand in both of two segments, by their positions, in the order of the keys. The
 * keys of the one that has fewer rows in the range that both have are looked up in the other.
 *
 * <p>O(m log n) at worst for m rows of the smaller side; no row is read outside the common range.
 */
final class KeyHits {

  /** Rows of one step of a parallel probe, in which threads are given work. */
  private static final int PART = 1 << 14;

  private final int[] first;
  private final int[] second;

  private KeyHits(int[] first, int[] second) {
    this.first = first;
    this.second = second;
  }

  /** The number of keys. */
  int count() {
    return first.length;
  }

  /** The position of key {@code i} in the first segment. */
  int first(int i) {
    return first[i];
  }

  /** The position of key {@code i} in the second segment. */
  int second(int i) {
    return second[i];
  }

  /** The rows of one segment that lie in the range common to both. */
  private record Side(Segment segment, int from, int to) {
    int rows() {
      return to - from;
    }
  }

  /** The keys that two segments have in common; each has a key at most once. */
  static KeyHits of(KeyForm form, Segment a, Segment b) {
    Side sideA = common(form, a, b);
    Side sideB = common(form, b, a);
    if (sideA.rows() <= 0 || sideB.rows() <= 0) {
      return new KeyHits(new int[0], new int[0]);
    }
    if (sideA.rows() <= sideB.rows()) {
      return probe(form, sideA, b);
    }
    KeyHits swapped = probe(form, sideB, a);
    return new KeyHits(swapped.second, swapped.first);
  }

  /** Parts of a long side are probed side by side, in the common pool. */
  private static KeyHits probe(KeyForm form, Side probes, Segment target) {
    int parts = (probes.rows() + PART - 1) / PART;
    if (parts == 1) {
      return probePart(form, probes, target);
    }
    List<KeyHits> all =
        IntStream.range(0, parts)
            .parallel()
            .mapToObj(
                part -> {
                  int from = probes.from() + part * PART;
                  int to = Math.min(probes.to(), from + PART);
                  return probePart(form, new Side(probes.segment(), from, to), target);
                })
            .toList();
    return new KeyHits(
        all.stream().flatMapToInt(h -> Arrays.stream(h.first)).toArray(),
        all.stream().flatMapToInt(h -> Arrays.stream(h.second)).toArray());
  }

  private static KeyHits probePart(KeyForm form, Side probes, Segment target) {
    KeyGroup group = new KeyGroup(form);
    int[] first = new int[16];
    int[] second = new int[16];
    int n = 0;
    for (int from = probes.from(); from < probes.to(); from += KeyGroup.CAPACITY) {
      group.set(probes.segment(), from, Math.min(probes.to(), from + KeyGroup.CAPACITY));
      int[] positions = group.positionsIn(target);
      for (int i = 0; i < group.count(); i++) {
        if (positions[i] >= 0) {
          if (n == first.length) {
            first = Arrays.copyOf(first, 2 * n);
            second = Arrays.copyOf(second, 2 * n);
          }
          first[n] = from + i;
          second[n++] = positions[i];
        }
      }
    }
    return new KeyHits(Arrays.copyOf(first, n), Arrays.copyOf(second, n));
  }

  private static Side common(KeyForm form, Segment segment, Segment other) {
    int last = other.rowCount() - 1;
    if (form == KeyForm.LONG) {
      return new Side(
          segment, segment.lowerBound(other.longKey(0)), segment.upperBound(other.longKey(last)));
    }
    byte[] low = other.keyBytes(0);
    byte[] high = other.keyBytes(last);
    return new Side(
        segment, segment.lowerBound(low, 0, low.length), segment.upperBound(high, 0, high.length));
  }
}
