package io.alexstore.spark.scan;

import java.util.List;

/**
 * A scan of a table whose partitions can follow each other in the order of the table's key, so that
 * who wants rows by the key need neither distribute nor sort them.
 */
public interface OrderedScan {

  /** The names of the first columns of the key, as many as are read. */
  List<String> orderColumns();

  /**
   * Asks that each partition's rows be sorted by these columns, come before those of the next
   * partition, and that rows which are equal in the first {@code together} of the columns be in one
   * partition. To be called before partitions are planned. What is promised once stays.
   *
   * @param together at least 1, at most the number of the columns
   * @return whether it will be so: not where segments overlap, where so many rows are equal that
   *     few tasks would read most of the table, or where something else was promised before
   */
  boolean keepTogether(int together);

  /** In how many columns rows must be equal to be together, as was promised; 0 if nothing was. */
  int together();

  /** The number of partitions, once {@link #keepTogether} has promised something. */
  int partitions();
}
