package io.alexstore.commit;

/** What becomes of a row whose key is in the table already. */
public enum OnConflict {
  /** The write is refused with a {@link io.alexstore.error.DuplicateKeyException}. */
  ERROR,

  /** The new row takes the place of the one that is there. */
  UPDATE,

  /** The row that is there stays, and the new one is left out. */
  IGNORE
}
