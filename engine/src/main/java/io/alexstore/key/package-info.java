/**
 * Keys as integers or bytes that sort as Spark sorts the key's columns, and ranges of them. The
 * encoding is specified in docs/format/key.md.
 */
package io.alexstore.key;
