package io.alexstore.spark.write;

import io.alexstore.table.TableWrite;
import java.util.Arrays;
import org.apache.spark.sql.connector.catalog.Table;

/** Who sees to it that rows fulfil a table's CHECK constraints: Spark, from 4.1 on. */
public final class CheckedRows {

  private static final boolean BY_SPARK =
      Arrays.stream(Table.class.getMethods()).anyMatch(m -> m.getName().equals("constraints"));

  private CheckedRows() {}

  /**
   * A write that Spark planned for a table whose constraints it was told of. An older Spark knows
   * none: then nothing is promised, and a table that has some refuses the write.
   */
  public static TableWrite promised(TableWrite write) {
    return BY_SPARK ? write.withCheckedRows() : write;
  }
}
