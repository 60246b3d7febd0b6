/** Between Spark's and the engine's forms: types, rows, literals of predicates. */
package io.alexstore.spark.convert;
