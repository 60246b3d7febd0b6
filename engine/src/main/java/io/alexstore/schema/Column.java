package io.alexstore.schema;

import java.util.Objects;
import java.util.Optional;

/**
 * A column of a table, or a field of a struct.
 *
 * @param id the column's id: unique in the table over all of its history, nested fields included;
 *     never used again after the column was dropped. Files know columns by id, so that a rename
 *     rewrites nothing
 * @param name the name, not empty
 * @param type the type
 * @param nullable whether a value may be null
 * @param metadata what the writer's system wants kept with the column, as a JSON object; empty if
 *     nothing
 * @param addedDefault for a column added later: the value, as {@link ValueJson} writes it, of rows
 *     in segments written before it; empty means null
 */
public record Column(
    int id,
    String name,
    ColumnType type,
    boolean nullable,
    String metadata,
    Optional<String> addedDefault) {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the id is none, or the default no value of the type
   */
  public Column {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(metadata, "metadata");
    Objects.requireNonNull(addedDefault, "addedDefault");
    if (id < 1) {
      throw new IllegalArgumentException("column '" + name + "' has id " + id + "; ids start at 1");
    }
    // Refuses what is no value of the type.
    addedDefault.ifPresent(text -> ValueJson.fromText(name, type, text));
  }

  /** A column without metadata and default. */
  public Column(int id, String name, ColumnType type, boolean nullable) {
    this(id, name, type, nullable, "", Optional.empty());
  }
}
