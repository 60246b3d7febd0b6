/**
 * Housekeeping of tables: {@link io.alexstore.maintain.Compaction}, {@link
 * io.alexstore.maintain.Rollback}, {@link io.alexstore.maintain.SnapshotExpiry}, {@link
 * io.alexstore.maintain.OrphanFiles} and {@link io.alexstore.maintain.TableVerifier}.
 *
 * <p>All of it goes on beside readers and writers, in any process.
 */
package io.alexstore.maintain;
