/** The updatable ALEX alone, beside other sorted maps in memory and beside a single-level form. */
package io.alexstore.benchmarks.index;
