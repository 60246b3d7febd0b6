package io.alexstore.spark.scan;

import java.util.OptionalLong;
import org.apache.spark.sql.connector.read.Statistics;

/** How much a scan gives, for the optimizer. */
record ScanStatistics(OptionalLong sizeInBytes, OptionalLong numRows) implements Statistics {}
