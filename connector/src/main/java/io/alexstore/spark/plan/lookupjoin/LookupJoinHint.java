package io.alexstore.spark.plan.lookupjoin;

import java.util.List;
import org.apache.spark.sql.catalyst.plans.logical.HintInfo;
import org.apache.spark.sql.catalyst.plans.logical.JoinStrategyHint;
import scala.Option;
import scala.collection.immutable.Set;
import scala.jdk.javaapi.CollectionConverters;

/** The hint that a table is to be looked up by its key, wherever that can be done. */
final class LookupJoinHint extends JoinStrategyHint {

  /** What users write. */
  static final String NAME = "LOOKUP_JOIN";

  static final LookupJoinHint INSTANCE = new LookupJoinHint();

  private LookupJoinHint() {}

  /** The hint, as it hangs on a relation. */
  static HintInfo info() {
    return new HintInfo(Option.apply(INSTANCE));
  }

  @Override
  public String displayName() {
    return "lookup_join";
  }

  @Override
  public Set<String> hintAliases() {
    return CollectionConverters.asScala(java.util.Set.copyOf(List.of(NAME))).toSet();
  }

  /** One for all, also of another class loader's making. */
  @Override
  public boolean equals(Object other) {
    return other instanceof LookupJoinHint;
  }

  @Override
  public int hashCode() {
    return NAME.hashCode();
  }
}
