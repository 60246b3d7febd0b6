package io.alexstore.segment;

import io.alexstore.schema.Column;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known of a column in some rows of a table, as estimates for planning.
 *
 * @param column the column
 * @param rows the number of rows, deleted ones left out
 * @param nullCount about how many of them are null: exactly, where all rows of their segments were
 *     asked for and none is deleted; otherwise no less than about as many
 * @param distinctCount about how many distinct values there are, nulls left out; no less than about
 *     as many where rows were deleted
 * @param min no value is less, NaN left out: {@code Long}, {@code Double} or, of decimals, {@code
 *     BigInteger} (unscaled); empty for strings and binary, and where there are no values
 * @param max no value is greater, NaN left out
 * @param averageLength the average length of strings or binary values in bytes, rounded up, deleted
 *     ones included
 * @param maxLength no string or binary value is longer, in bytes
 */
public record ColumnSummary(
    Column column,
    long rows,
    long nullCount,
    long distinctCount,
    Optional<Comparable<?>> min,
    Optional<Comparable<?>> max,
    OptionalLong averageLength,
    OptionalLong maxLength) {}
