/** What executors run to read: segments as columnar batches that point into the map. */
package io.alexstore.spark.read;
