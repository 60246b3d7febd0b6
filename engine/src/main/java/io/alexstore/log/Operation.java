package io.alexstore.log;

/** What a commit did, as the log names it. Informative: what holds is in the entry's segments. */
public final class Operation {

  /** The table was created, perhaps with its first rows. */
  public static final String CREATE = "create";

  /** Rows were added. */
  public static final String APPEND = "append";

  /** All rows, or all rows of some ranges of keys, were replaced. */
  public static final String OVERWRITE = "overwrite";

  private Operation() {}
}
