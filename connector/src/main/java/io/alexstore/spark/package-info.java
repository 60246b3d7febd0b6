/** The Spark data source {@code alexstore}. */
package io.alexstore.spark;
