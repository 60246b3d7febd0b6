package io.alexstore.spark.scan;

/** Which keys that a query finds out while it runs narrow a scan. */
enum RuntimeKeys {
  /** None. */
  NONE,

  /**
   * Those that the other side of a join has, by equality: rows whose key is null have no partner.
   */
  OF_JOIN,

  /**
   * Those of the rows that a MERGE matches, which Spark looks for before it reads them. The
   * condition may be a null-safe equality, and Spark asks for the keys that are IN a list all the
   * same, which a null never is: so rows whose key is null stay. Keys of several columns would be
   * looked for in vain, since Spark gives a source values of one column only.
   */
  OF_MERGE
}
