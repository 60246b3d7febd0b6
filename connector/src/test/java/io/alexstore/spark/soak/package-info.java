/** Random statements of every kind, through Spark and through the engine, against a model. */
package io.alexstore.spark.soak;
