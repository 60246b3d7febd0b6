package io.alexstore.error;

/**
 * The root of alexstore's unchecked errors. A message says what is wrong, why, and what to do, with
 * the values and the path.
 */
public class AlexStoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An error with a message. */
  public AlexStoreException(String message) {
    super(message);
  }

  /** An error with a message and what caused it. */
  public AlexStoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
