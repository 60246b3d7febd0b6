/**
 * The embedded store: a write-ahead log that is the value log, too, an updatable ALEX over it, and
 * the segments of a table into which it is sealed. {@code docs/format/wal.md} has its bytes.
 */
package io.alexstore.store;
