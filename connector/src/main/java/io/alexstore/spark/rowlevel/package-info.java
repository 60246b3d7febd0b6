/** UPDATE, DELETE and MERGE: what tasks find becomes deletion vectors and segments of new rows. */
package io.alexstore.spark.rowlevel;
