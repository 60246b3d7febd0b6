/**
 * Files: the one interface through which the engine touches them ({@link
 * io.alexstore.io.FileStore}), read-only maps, and the atomic publication of whole files.
 *
 * <p>No other package of the engine opens, lists, renames or deletes a file by itself, so a test
 * that wraps a {@code FileStore} sees, and can fail, everything that happens on disk.
 */
package io.alexstore.io;
