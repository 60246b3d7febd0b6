/**
 * The snapshot log: which segments are the table, version by version.
 *
 * <p>A version is one entry, a file of its own that is published atomically and never changes;
 * {@code docs/format/log.md} gives its bytes. {@link io.alexstore.log.TableLog} reads and publishes
 * entries, {@link io.alexstore.log.Snapshot} is what the entries up to a version amount to.
 */
package io.alexstore.log;
