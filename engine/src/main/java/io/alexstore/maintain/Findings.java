package io.alexstore.maintain;

import io.alexstore.error.AlexStoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects what is wrong. Of one kind in one file only the first are told one by one. */
final class Findings {

  private static final int MAX_OF_KIND = 20;

  /** A check, which may fail in any way that damaged files make it fail. */
  @FunctionalInterface
  interface Check {
    void run() throws IOException;
  }

  private final List<TableVerifier.Finding> list = new ArrayList<>();
  private final Map<String, Integer> counts = new HashMap<>();

  void add(String file, String check, String what) {
    int count = counts.merge(file + " " + check, 1, Integer::sum);
    if (count <= MAX_OF_KIND) {
      list.add(new TableVerifier.Finding(file, check, what));
    } else if (count == MAX_OF_KIND + 1) {
      list.add(new TableVerifier.Finding(file, check, "and more of the same kind"));
    }
  }

  /** Runs a check; whatever it throws is a finding. */
  void guard(String file, String check, Check body) {
    try {
      body.run();
    } catch (IOException
        | AlexStoreException
        | IndexOutOfBoundsException
        | IllegalArgumentException
        | IllegalStateException
        | ArithmeticException
        | UnsupportedOperationException e) {
      add(file, check, e instanceof AlexStoreException ? e.getMessage() : e.toString());
    }
  }

  List<TableVerifier.Finding> list() {
    return List.copyOf(list);
  }
}
