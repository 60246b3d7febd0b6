/** Joins that look the keys of one side up in a table, rather than scan the table. */
package io.alexstore.spark.plan.lookupjoin;
