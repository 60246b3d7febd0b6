/** What {@code CALL} runs: maintenance of tables. */
package io.alexstore.spark.procedure;
