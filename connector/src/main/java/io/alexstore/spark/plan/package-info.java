/**
 * The only user of Spark's planning internals, so that who ports the connector to another Spark
 * finds them in one place.
 */
package io.alexstore.spark.plan;
