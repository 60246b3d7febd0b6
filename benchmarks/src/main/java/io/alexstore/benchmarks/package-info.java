/** Measurements: the engine beside its peers, on the same data in the same run. */
package io.alexstore.benchmarks;
