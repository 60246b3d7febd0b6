package io.alexstore.spark.plan.lookupjoin;

import java.util.Optional;

/** A join that was planned as lookups, and what came of it. Safe for any number of threads. */
public final class LookupJoin {

  private final String type;
  private final LookupJoinSpec spec;
  private final LookupChoice choice;
  // Null unless probes are counted.
  private final FallbackPlan fallback;
  private volatile String outcome = "";

  LookupJoin(String type, LookupJoinSpec spec, LookupChoice choice, FallbackPlan fallback) {
    this.type = type;
    this.spec = spec;
    this.choice = choice;
    this.fallback = fallback;
  }

  /** The join's type, as Spark calls it. */
  String type() {
    return type;
  }

  LookupJoinSpec spec() {
    return spec;
  }

  LookupChoice choice() {
    return choice;
  }

  FallbackPlan fallback() {
    return fallback;
  }

  /** Says how many probes were counted; empty if too many. */
  void setOutcome(Optional<Long> probes) {
    outcome =
        probes
            .map(rows -> "; " + rows + " were counted and looked up")
            .orElse("; there were more, and Spark's own plan ran");
  }

  /** What came of counting, for people; empty if nothing was counted yet. */
  String outcome() {
    return outcome;
  }

  /** For where Spark writes the plan down. */
  @Override
  public String toString() {
    return type + " " + spec.describeKeys();
  }
}
