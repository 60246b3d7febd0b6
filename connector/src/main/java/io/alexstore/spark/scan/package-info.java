/** What the driver plans to read: key ranges from predicates, segments, splits, statistics. */
package io.alexstore.spark.scan;
