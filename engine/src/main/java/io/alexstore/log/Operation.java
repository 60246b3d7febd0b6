package io.alexstore.log;

/** What a commit did, as the log names it. Informative: what holds is in the entry's segments. */
public final class Operation {

  /** The table was created, perhaps with its first rows. */
  public static final String CREATE = "create";

  /** Rows were added. */
  public static final String APPEND = "append";

  /** All rows, or all rows of some ranges of keys, were replaced. */
  public static final String OVERWRITE = "overwrite";

  /** Rows were added, and took the place of those with the same keys. */
  public static final String UPSERT = "upsert";

  /** Rows were changed. */
  public static final String UPDATE = "update";

  /** Rows were deleted. */
  public static final String DELETE = "delete";

  /** Rows were added, changed and deleted, as another table said. */
  public static final String MERGE = "merge";

  /**
   * Segments were written anew with the same rows. Others rely on it: rows are looked up in their
   * new places.
   */
  public static final String COMPACT = "compact";

  /** An earlier version became the newest again. */
  public static final String ROLLBACK = "rollback";

  /** Versions were given up, and with them the files that only they had. The rows stay. */
  public static final String EXPIRE = "expire";

  /**
   * The table's description changed: its columns, constraints or properties. No row did. Others
   * rely on it: rows that were written with the columns before are read with the new ones.
   */
  public static final String ALTER = "alter";

  /** An embedded store took ownership of the table, or gave it back. No row changed. */
  public static final String OWN = "own";

  private Operation() {}
}
