package io.alexstore.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a schema from names and types and gives out the ids, nested ones included: in preorder,
 * counting from 1. Ids that stand in the given types and fields are replaced.
 *
 * <pre>{@code
 * Schema schema = new SchemaBuilder()
 *     .column("id", ScalarType.LONG, false)
 *     .column("tags", SchemaBuilder.list(StringType.BINARY_ORDER))
 *     .primaryKey("id")
 *     .build();
 * }</pre>
 *
 * <p>Not thread-safe.
 */
public final class SchemaBuilder {
  private final List<Column> columns = new ArrayList<>();
  private TableKey.Kind kind;
  private List<String> keyNames = List.of();
  private final ColumnIds ids = new ColumnIds(0);

  /** A nullable column. */
  public SchemaBuilder column(String name, ColumnType type) {
    return column(name, type, true);
  }

  /** A column. */
  public SchemaBuilder column(String name, ColumnType type, boolean nullable) {
    return column(name, type, nullable, "");
  }

  /** A column with metadata: a JSON object, or empty. */
  public SchemaBuilder column(String name, ColumnType type, boolean nullable, String metadata) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("Column " + (columns.size() + 1) + " has no name");
    }
    if (columns.stream().anyMatch(c -> c.name().equals(name))) {
      throw new IllegalArgumentException("There are two columns '" + name + "'; rename one");
    }
    columns.add(ids.renumber(new Column(1, name, type, nullable, metadata, Optional.empty())));
    return this;
  }

  /** Makes the key a primary key: unique; its columns become not nullable. */
  public SchemaBuilder primaryKey(String... names) {
    return key(TableKey.Kind.PRIMARY, List.of(names));
  }

  /** Makes the key a sort key: duplicates and nulls are allowed. */
  public SchemaBuilder sortKey(String... names) {
    return key(TableKey.Kind.SORT, List.of(names));
  }

  /** Sets the key; its columns may be added later. */
  public SchemaBuilder key(TableKey.Kind keyKind, List<String> names) {
    this.kind = keyKind;
    this.keyNames = List.copyOf(names);
    return this;
  }

  /**
   * The schema, with number 0.
   *
   * @throws IllegalArgumentException if there is no key, or it names a column twice or one that
   *     does not exist
   */
  public Schema build() {
    if (kind == null) {
      throw new IllegalArgumentException("The schema has no key; set primaryKey or sortKey");
    }
    List<Column> result = new ArrayList<>(columns);
    List<Integer> keyIds = new ArrayList<>();
    for (String name : keyNames) {
      int place = place(name);
      Column c = columns.get(place);
      if (keyIds.contains(c.id())) {
        throw new IllegalArgumentException("The key names column '" + name + "' twice");
      }
      keyIds.add(c.id());
      if (kind == TableKey.Kind.PRIMARY) {
        result.set(
            place, new Column(c.id(), name, c.type(), false, c.metadata(), c.addedDefault()));
      }
    }
    return new Schema(0, result, new TableKey(kind, keyIds), ids.lastId());
  }

  private int place(String name) {
    List<String> names = columns.stream().map(Column::name).toList();
    int place = names.indexOf(name);
    if (place < 0) {
      throw new IllegalArgumentException(
          "The key names column '" + name + "', which is not one of " + names);
    }
    return place;
  }

  /** A list type whose elements may be null. */
  public static ListType list(ColumnType element) {
    return new ListType(1, element, true);
  }

  /** A map type whose values may be null. */
  public static MapType map(ColumnType key, ColumnType value) {
    return new MapType(1, key, 1, value, true);
  }

  /** A struct type; see {@link #field}. */
  public static StructType struct(Column... fields) {
    return new StructType(List.of(fields));
  }

  /** A nullable field for {@link #struct}. */
  public static Column field(String name, ColumnType type) {
    return new Column(1, name, type, true);
  }
}
