package io.alexstore.commit;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * What a {@link TableProbe} found, of all segments of the probed version: which of them the commit
 * has to look at itself. The others have none of the keys. Immutable.
 *
 * @param version the version that was probed, or -1 if none was
 * @param undecided the segments that have one of the keys, or that could not be looked at
 */
public record ProbeOutcome(long version, Set<UUID> undecided) implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Says nothing of any key. */
  public static final ProbeOutcome NONE = new ProbeOutcome(-1, Set.of());

  /** Copies the set. */
  public ProbeOutcome {
    undecided = Set.copyOf(undecided);
  }

  /** What several probes of a version found; {@link #NONE} unless all of them probed it. */
  public static ProbeOutcome all(long version, List<ProbeOutcome> outcomes) {
    Set<UUID> undecided = new HashSet<>();
    for (ProbeOutcome outcome : outcomes) {
      if (outcome.version() != version) {
        return NONE;
      }
      undecided.addAll(outcome.undecided());
    }
    return new ProbeOutcome(version, undecided);
  }
}
