package io.alexstore.commit;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What a {@link TableProbe} found: for each segment of the probed version that has one of the keys,
 * the smallest such key. Immutable; the arrays must not be changed.
 *
 * @param version the version that was probed, or -1 if none was
 * @param found by segment the smallest key that it has, too, encoded
 */
public record ProbeOutcome(long version, Map<UUID, byte[]> found) implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Says nothing of any key. */
  public static final ProbeOutcome NONE = new ProbeOutcome(-1, Map.of());

  /** Copies the map. */
  public ProbeOutcome {
    found = Map.copyOf(found);
  }

  /** What several probes of a version found; {@link #NONE} unless all of them probed it. */
  public static ProbeOutcome all(long version, List<ProbeOutcome> outcomes) {
    Map<UUID, byte[]> smallest = new HashMap<>();
    for (ProbeOutcome outcome : outcomes) {
      if (outcome.version() != version) {
        return NONE;
      }
      outcome
          .found()
          .forEach(
              (segment, key) ->
                  smallest.merge(
                      segment, key, (a, b) -> Arrays.compareUnsigned(a, b) <= 0 ? a : b));
    }
    return new ProbeOutcome(version, smallest);
  }
}
