/**
 * The embedded store beside its peers: loads, lookups, mixes and ranges, each in a fresh process.
 */
package io.alexstore.benchmarks.store;
