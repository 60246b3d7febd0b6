package io.alexstore.commit;

import io.alexstore.key.KeyForm;
import io.alexstore.segment.Segment;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Looks for a key that stands in both of two segments, by probing: the keys of the one with fewer
 * rows in the range that both have are looked up in the other, in groups.
 *
 * <p>O(m log n) at worst for m rows of the smaller side; no row is read outside the common range.
 */
final class KeyProbe {

  /** Rows of one step of a parallel probe, in which threads are given work. */
  private static final int PART = 1 << 14;

  private KeyProbe() {}

  /** The rows of one segment that lie in the range common to both. */
  private record Side(Segment segment, int from, int to) {
    int rows() {
      return to - from;
    }
  }

  /** The position in {@code a} of a key that {@code b} has too; -1 if there is none. */
  static int findDuplicate(KeyForm form, Segment a, Segment b) {
    Side sideA = common(form, a, b);
    Side sideB = common(form, b, a);
    boolean probeWithA = sideA.rows() <= sideB.rows();
    Side probes = probeWithA ? sideA : sideB;
    Segment target = probeWithA ? b : a;
    if (sideA.rows() <= 0 || sideB.rows() <= 0) {
      return -1;
    }
    Hit hit = probe(form, probes, target);
    if (hit == null) {
      return -1;
    }
    return probeWithA ? hit.probe() : hit.target();
  }

  /** Where a key stands in both segments. */
  private record Hit(int probe, int target) {}

  /** The first hit of all; parts of a long side are probed side by side, in the common pool. */
  private static Hit probe(KeyForm form, Side probes, Segment target) {
    int parts = (probes.rows() + PART - 1) / PART;
    if (parts == 1) {
      return probePart(form, probes, target);
    }
    return IntStream.range(0, parts)
        .parallel()
        .mapToObj(
            part -> {
              int from = probes.from() + part * PART;
              int to = Math.min(probes.to(), from + PART);
              return Optional.ofNullable(
                  probePart(form, new Side(probes.segment(), from, to), target));
            })
        .filter(Optional::isPresent)
        .findFirst()
        .flatMap(found -> found)
        .orElse(null);
  }

  private static Hit probePart(KeyForm form, Side probes, Segment target) {
    KeyGroup group = new KeyGroup(form);
    for (int from = probes.from(); from < probes.to(); from += KeyGroup.CAPACITY) {
      group.set(probes.segment(), from, Math.min(probes.to(), from + KeyGroup.CAPACITY));
      int hit = group.firstIn(target);
      if (hit >= 0) {
        return new Hit(from + hit, group.positionIn(target, hit));
      }
    }
    return null;
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
