/** The options that users type, and which of them wins. */
package io.alexstore.spark.conf;
