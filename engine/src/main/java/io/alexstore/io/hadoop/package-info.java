/**
 * Tables on HDFS. The only package of the engine that needs Hadoop's client on the class path;
 * found by {@link io.alexstore.io.FileStores} when a path has one of its schemes.
 */
package io.alexstore.io.hadoop;
