/**
 * Chunks: the values of one node (a column, or a part of a nested one) in one row group. Row groups
 * are buffered and encoded here, and read in place. See {@code docs/format/segment.md}, Chunks.
 */
package io.alexstore.segment.chunk;
