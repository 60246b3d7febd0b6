package io.alexstore.schema;

import java.util.List;
import java.util.Objects;

/**
 * One change of a table's columns, or of fields of structs in them. None rewrites a segment: {@link
 * SchemaEvolution} says what is allowed, and how rows that are there already are read afterwards.
 *
 * <p>A column is named by a path: the names of the column, of a field in it, and so on. The way
 * into a list is {@code element}, into a map {@code key} or {@code value}.
 */
public sealed interface SchemaChange {

  /** The column. */
  List<String> path();

  /** Where a column stands among its siblings. */
  sealed interface Position {}

  /** Behind all others. */
  record Last() implements Position {}

  /** Before all others. */
  record First() implements Position {}

  /**
   * Right behind another.
   *
   * @param name the sibling's name
   */
  record After(String name) implements Position {}

  /**
   * Adds a column.
   *
   * @param path ends with the new column's name; what is before it is a struct, or nothing
   * @param type the type; its ids are replaced by new ones
   * @param nullable whether a value may be null; if not, there must be a default
   * @param metadata as {@link Column#metadata}
   * @param addedDefault what rows have that are in the table already, in the Java form that {@link
   *     JavaValues} lists; null for null
   * @param position where it stands
   */
  record Add(
      List<String> path,
      ColumnType type,
      boolean nullable,
      String metadata,
      Object addedDefault,
      Position position)
      implements SchemaChange {
    /** Checks that nothing is missing. */
    public Add {
      path = checked(path);
      Objects.requireNonNull(type, "type");
      Objects.requireNonNull(metadata, "metadata");
      Objects.requireNonNull(position, "position");
    }

    /** A nullable column behind all others, which is null in the rows that are there. */
    public Add(String name, ColumnType type) {
      this(List.of(name), type, true, "", null, new Last());
    }
  }

  /** Drops a column. Its values stay in the segments, unread, until these are written anew. */
  record Drop(List<String> path) implements SchemaChange {
    /** Checks the path. */
    public Drop {
      path = checked(path);
    }
  }

  /**
   * Gives a column another name.
   *
   * @param name the new name
   */
  record Rename(List<String> path, String name) implements SchemaChange {
    /** Checks that nothing is missing. */
    public Rename {
      path = checked(path);
      Objects.requireNonNull(name, "name");
    }
  }

  /**
   * Moves a column among its siblings. The order of the key's columns in the key stays.
   *
   * @param position where to
   */
  record Move(List<String> path, Position position) implements SchemaChange {
    /** Checks that nothing is missing. */
    public Move {
      path = checked(path);
      Objects.requireNonNull(position, "position");
    }
  }

  /**
   * Widens a column's type; see {@link TypeWidening}.
   *
   * @param type the new type
   */
  record Widen(List<String> path, ColumnType type) implements SchemaChange {
    /** Checks that nothing is missing. */
    public Widen {
      path = checked(path);
      Objects.requireNonNull(type, "type");
    }
  }

  /** Lets a column, a list's elements or a map's values be null. */
  record AllowNulls(List<String> path) implements SchemaChange {
    /** Checks the path. */
    public AllowNulls {
      path = checked(path);
    }
  }

  /**
   * Exchanges what is kept with a column; see {@link Column#metadata}.
   *
   * @param metadata the new text
   */
  record SetMetadata(List<String> path, String metadata) implements SchemaChange {
    /** Checks that nothing is missing. */
    public SetMetadata {
      path = checked(path);
      Objects.requireNonNull(metadata, "metadata");
    }
  }

  private static List<String> checked(List<String> path) {
    if (path.isEmpty()) {
      throw new IllegalArgumentException("A change of a schema names a column");
    }
    return List.copyOf(path);
  }
}
