package io.alexstore.spark.procedure;

import io.alexstore.spark.table.AlexStoreTable;

/** Finds the table that a procedure is called for. */
@FunctionalInterface
public interface TableFinder {

  /**
   * Finds a table.
   *
   * @param name its name within a catalog, or its path
   * @throws IllegalArgumentException if there is none
   */
  AlexStoreTable find(String name);
}
