/** Catalogs: how Spark finds, makes and replaces tables by name. */
package io.alexstore.spark.catalog;
