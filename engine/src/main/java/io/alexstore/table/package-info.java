/**
 * Tables for Java programs and for the connector: open, look up, scan, write.
 *
 * <p>Start at {@link io.alexstore.table.AlexTable}; {@link io.alexstore.table.TableWrite} is how
 * rows get in.
 */
package io.alexstore.table;
