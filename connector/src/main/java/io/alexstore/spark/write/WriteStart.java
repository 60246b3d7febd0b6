package io.alexstore.spark.write;

import io.alexstore.table.TableWrite;
import java.io.IOException;

/** Begins a write of the engine: an append, an overwrite, or the creation of a table. */
@FunctionalInterface
public interface WriteStart {
  /** Begins it. */
  TableWrite begin(WriteMode mode) throws IOException;
}
