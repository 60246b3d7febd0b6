package io.alexstore.key;

/** The two forms that encoded keys have. All keys of a table have the same form. */
public enum KeyForm {
  /** A signed 64-bit integer, in the order of signed comparison. */
  LONG,
  /** A string of bytes, in the order of unsigned lexicographic comparison. */
  BYTES
}
