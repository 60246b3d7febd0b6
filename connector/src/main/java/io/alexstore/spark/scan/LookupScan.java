package io.alexstore.spark.scan;

import java.util.Optional;

/** A scan of a table, whose rows can also be looked up by key. */
public interface LookupScan {

  /** What is looked up; empty if the scan is of fewer rows than its keys say. */
  Optional<LookupTarget> lookupTarget();
}
