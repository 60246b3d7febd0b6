/** The table that Spark sees, and how a path becomes one. */
package io.alexstore.spark.table;
