/** Tables that change, in several formats: each runs on a Spark and a class path of its own. */
package io.alexstore.benchmarks.peers;
