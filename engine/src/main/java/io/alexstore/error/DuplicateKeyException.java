package io.alexstore.error;

/** A write holds a key twice, or a key that the table holds already. Nothing was written. */
public class DuplicateKeyException extends AlexStoreException {
  private static final long serialVersionUID = 1L;

  private final String key;

  /**
   * @param key the key, readable, such as {@code (id=42)}
   * @param where where it was found twice, and what to do
   */
  public DuplicateKeyException(String key, String where) {
    super("Duplicate key " + key + " " + where);
    this.key = key;
  }

  /** The key, readable. */
  public String key() {
    return key;
  }
}
