package io.alexstore.spark.read;

import java.util.List;
import org.apache.spark.sql.connector.read.InputPartition;

/**
 * What one task reads.
 *
 * @param slices the parts, read one after another
 */
public record AlexInputPartition(List<SegmentSlice> slices) implements InputPartition {

  private static final long serialVersionUID = 1L;

  /** Copies the list. */
  public AlexInputPartition {
    slices = List.copyOf(slices);
  }
}
