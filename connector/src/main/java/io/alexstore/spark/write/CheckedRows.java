package io.alexstore.spark.write;

import io.alexstore.spark.conf.SparkFeatures;
import io.alexstore.table.TableWrite;

/** Who sees to it that rows fulfil a table's CHECK constraints: Spark, from 4.1 on. */
public final class CheckedRows {

  private CheckedRows() {}

  /**
   * A write that Spark planned for a table whose constraints it was told of. An older Spark knows
   * none: then nothing is promised, and a table that has some refuses the write.
   */
  public static TableWrite promised(TableWrite write) {
    return SparkFeatures.CONSTRAINTS ? write.withCheckedRows() : write;
  }
}
