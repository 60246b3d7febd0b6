/** Writing: tasks write segments, the driver commits them as one version. */
package io.alexstore.spark.write;
