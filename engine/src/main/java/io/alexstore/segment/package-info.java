/**
 * The segment: one immutable file of rows sorted by key, with its own learned index. The bytes are
 * specified in docs/format/segment.md.
 */
package io.alexstore.segment;
