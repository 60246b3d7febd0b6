package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What a user sees of an error: Spark wraps those of tasks. */
final class Errors {

  private Errors() {}

  /** The messages of the error that an action fails with, and of its causes. */
  static String of(ThrowingCallable action) {
    Throwable thrown = catchThrowable(action);
    assertThat(thrown).as("an error").isNotNull();
    return messages(thrown);
  }

  /** The messages of an error and of its causes. */
  static String messages(Throwable thrown) {
    StringBuilder all = new StringBuilder();
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      all.append(t.getClass().getName()).append(": ").append(t.getMessage()).append('\n');
    }
    return all.toString();
  }
}
