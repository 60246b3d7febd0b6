package io.alexstore.testkit;

import java.io.IOException;

/** A failure that a test ordered. */
public final class InjectedFault extends IOException {
  private static final long serialVersionUID = 1L;

  InjectedFault(String message) {
    super(message);
  }
}
