package io.alexstore.spark.plan.lookupjoin;

import java.util.Optional;
import org.apache.spark.sql.catalyst.plans.ExistenceJoin;
import org.apache.spark.sql.catalyst.plans.Inner$;
import org.apache.spark.sql.catalyst.plans.JoinType;
import org.apache.spark.sql.catalyst.plans.LeftAnti$;
import org.apache.spark.sql.catalyst.plans.LeftOuter$;
import org.apache.spark.sql.catalyst.plans.LeftSemi$;
import org.apache.spark.sql.catalyst.plans.RightOuter$;

/** What becomes of a probe and the rows that it finds. */
enum JoinKind {
  /** A row for each that is found. */
  INNER,
  /** A row for each that is found, and one for a probe that finds none. */
  OUTER,
  /** The probe, if it finds a row. */
  SEMI,
  /** The probe, if it finds none. */
  ANTI,
  /** The probe, and whether it finds a row. */
  EXISTENCE;

  /** The kind of a join if one side is looked up; empty if that side cannot be. */
  static Optional<JoinKind> of(JoinType type, boolean tableIsRight) {
    if (type instanceof Inner$) {
      return Optional.of(INNER);
    } else if (tableIsRight ? type instanceof LeftOuter$ : type instanceof RightOuter$) {
      return Optional.of(OUTER);
    } else if (!tableIsRight) {
      return Optional.empty();
    } else if (type instanceof LeftSemi$) {
      return Optional.of(SEMI);
    } else if (type instanceof LeftAnti$) {
      return Optional.of(ANTI);
    }
    return type instanceof ExistenceJoin ? Optional.of(EXISTENCE) : Optional.empty();
  }

  /** Whether each row that is found makes a row, rather than each probe at most one. */
  boolean isPerRow() {
    return this == INNER || this == OUTER;
  }
}
