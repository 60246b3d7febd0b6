/** Tables that tell of a table: its versions, segments and history. */
package io.alexstore.spark.metadata;
