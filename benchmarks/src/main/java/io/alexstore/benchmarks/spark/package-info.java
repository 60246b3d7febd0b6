/** Tables on Spark: alexstore beside Parquet and ORC. */
package io.alexstore.benchmarks.spark;
