package io.alexstore.spark.scan;

/** In which order of the keys rows are wanted. */
enum KeyDirection {
  /** In any. */
  ANY,
  /** From the smallest key to the greatest; a null of a sort key is the smallest value. */
  ASCENDING,
  /** The other way round. */
  DESCENDING
}
