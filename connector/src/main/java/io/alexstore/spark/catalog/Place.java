package io.alexstore.spark.catalog;

import io.alexstore.spark.conf.AlexStoreOptions;
import io.alexstore.spark.table.NewTable;

/**
 * Where the table of a name is, or is to be made.
 *
 * @param options open it
 * @param isTaken whether the catalog has a table of that name, which is at this place
 * @param registration what makes the catalog know of the table once it is there
 */
record Place(AlexStoreOptions options, boolean isTaken, NewTable.Registration registration) {

  /** A place that needs no registration: who looks there finds the table. */
  Place(AlexStoreOptions options, boolean isTaken) {
    this(options, isTaken, () -> {});
  }

  String path() {
    return options.path();
  }
}
