package io.alexstore.spark.convert;

import io.alexstore.schema.Column;
import io.alexstore.schema.JavaValues;
import io.alexstore.schema.ListType;
import io.alexstore.schema.MapType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaChange;
import io.alexstore.schema.SchemaEvolution;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.catalog.ColumnDefaultValue;
import org.apache.spark.sql.connector.catalog.TableChange;
import org.apache.spark.sql.connector.catalog.TableChange.AddColumn;
import org.apache.spark.sql.connector.catalog.TableChange.ColumnChange;
import org.apache.spark.sql.connector.catalog.TableChange.DeleteColumn;
import org.apache.spark.sql.connector.catalog.TableChange.RenameColumn;
import org.apache.spark.sql.connector.catalog.TableChange.UpdateColumnComment;
import org.apache.spark.sql.connector.catalog.TableChange.UpdateColumnDefaultValue;
import org.apache.spark.sql.connector.catalog.TableChange.UpdateColumnNullability;
import org.apache.spark.sql.connector.catalog.TableChange.UpdateColumnPosition;
import org.apache.spark.sql.connector.catalog.TableChange.UpdateColumnType;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;

/**
 * Changes of columns as ALTER TABLE and schema evolution bring them, as those of the engine. One
 * instance for one statement; not thread-safe.
 */
public final class ColumnChanges {

  private final List<SchemaChange> changes = new ArrayList<>();

  // With the changes so far: what comes next is said of this.
  private Schema schema;

  private ColumnChanges(Schema schema) {
    this.schema = schema;
  }

  /**
   * The changes that some of Spark's come to, one after another.
   *
   * @param schema the table's
   * @throws IllegalArgumentException if one is not allowed; the message says why and what to do
   */
  public static List<SchemaChange> of(Schema schema, List<? extends TableChange> changes) {
    ColumnChanges all = new ColumnChanges(schema);
    for (TableChange change : changes) {
      all.translate((ColumnChange) change);
    }
    return List.copyOf(all.changes);
  }

  /** Whether a table can take a change. */
  public static boolean isAllowed(Schema schema, ColumnChange change) {
    try {
      of(schema, List.of(change));
      return true;
    } catch (IllegalArgumentException | UnsupportedOperationException e) {
      return false;
    }
  }

  private void add(SchemaChange change) {
    schema = SchemaEvolution.apply(schema, List.of(change), schema.id());
    changes.add(change);
  }

  private void translate(ColumnChange change) {
    List<String> path = List.of(change.fieldNames());
    if (change instanceof AddColumn add) {
      add(added(add));
    } else if (change instanceof DeleteColumn delete) {
      if (!delete.ifExists() || field(path).isPresent()) {
        add(new SchemaChange.Drop(path));
      }
    } else if (change instanceof RenameColumn rename) {
      add(new SchemaChange.Rename(path, rename.newName()));
    } else if (change instanceof UpdateColumnPosition move) {
      add(new SchemaChange.Move(path, position(move.position())));
    } else if (change instanceof UpdateColumnType update) {
      retype(path, update);
    } else if (change instanceof UpdateColumnNullability update) {
      setNullability(path, update.nullable());
    } else if (change instanceof UpdateColumnComment update) {
      setText(path, SparkColumns.COMMENT, update.newComment());
    } else if (change instanceof UpdateColumnDefaultValue update) {
      setText(path, SparkColumns.CURRENT_DEFAULT, defaultOf(path, update));
    } else {
      throw new UnsupportedOperationException("alexstore cannot apply " + change);
    }
  }

  // ---- adding

  private static SchemaChange added(AddColumn add) {
    List<String> path = List.of(add.fieldNames());
    String name = path.get(path.size() - 1);
    MetadataBuilder metadata = new MetadataBuilder();
    if (add.comment() != null) {
      metadata.putString(SparkColumns.COMMENT, add.comment());
    }
    ColumnDefaultValue byDefault = add.defaultValue();
    if (byDefault != null) {
      requireSql(path, byDefault.getSql());
      metadata.putString(SparkColumns.CURRENT_DEFAULT, byDefault.getSql());
    }
    Column column =
        SparkSchemas.toEngine(
            new StructField(name, add.dataType(), add.isNullable(), metadata.build()));
    return new SchemaChange.Add(
        path,
        column.type(),
        column.nullable(),
        column.metadata(),
        byDefault == null ? null : value(column, byDefault.getValue()),
        position(add.position()));
  }

  /** What a default is now, which rows that are there already have from then on. */
  private static Object value(Column column, Literal<?> literal) {
    if (literal == null || literal.value() == null) {
      return null;
    }
    if (!literal.dataType().sameType(SparkSchemas.toSpark(column.type()))) {
      throw new IllegalArgumentException(
          "The default "
              + literal
              + " of column '"
              + column.name()
              + "' is of type "
              + literal.dataType().sql()
              + ", the column is not: cast it to the column's type");
    }
    SparkValues values = SparkValues.ofTypes(List.of(column.type()));
    values.reset(new GenericInternalRow(new Object[] {literal.value()}));
    return JavaValues.toJava(column.type(), values, 0);
  }

  private static void requireSql(List<String> path, String sql) {
    if (sql == null) {
      throw new IllegalArgumentException(
          "The default of column '" + String.join(".", path) + "' must be given as SQL");
    }
  }

  private static SchemaChange.Position position(TableChange.ColumnPosition position) {
    if (position instanceof TableChange.After after) {
      return new SchemaChange.After(after.column());
    }
    return position == null ? new SchemaChange.Last() : new SchemaChange.First();
  }

  // ---- altering

  private void retype(List<String> path, UpdateColumnType update) {
    Column fresh =
        SparkSchemas.toEngine(
            new StructField("type", update.newDataType(), true, Metadata.empty()));
    add(new SchemaChange.Widen(path, fresh.type()));
    // CHAR(n) and VARCHAR(n) are strings whose metadata says so.
    setText(path, ToEngineTypes.CHAR_VARCHAR, text(fresh, ToEngineTypes.CHAR_VARCHAR));
  }

  private void setNullability(List<String> path, boolean nullable) {
    if (nullable) {
      add(new SchemaChange.AllowNulls(path));
    } else if (!field(path).map(c -> !c.nullable()).orElse(false)) {
      throw new IllegalArgumentException(
          "Column '"
              + String.join(".", path)
              + "' cannot be made NOT NULL: it may have nulls, in older versions too. Add a CHECK"
              + " constraint that it IS NOT NULL, or a NOT NULL column with a DEFAULT in its place");
    }
  }

  /** The new default as SQL; null if there is to be none. */
  @SuppressWarnings("deprecation") // Spark 4.0 has this form only.
  private static String defaultOf(List<String> path, UpdateColumnDefaultValue update) {
    String sql = update.newDefaultValue();
    if ("".equals(sql)) {
      return null;
    }
    requireSql(path, sql);
    return sql;
  }

  /** Sets what is kept with a column under a name; takes it away if there is no text. */
  private void setText(List<String> path, String name, String text) {
    Column column = field(path).orElse(null);
    if (column == null ? text == null : Objects.equals(text, text(column, name))) {
      return;
    }
    MetadataBuilder changed = new MetadataBuilder();
    if (column != null && !column.metadata().isEmpty()) {
      changed.withMetadata(Metadata.fromJson(column.metadata()));
    }
    if (text == null) {
      changed.remove(name);
    } else {
      changed.putString(name, text);
    }
    Metadata metadata = changed.build();
    add(
        new SchemaChange.SetMetadata(
            path, metadata.equals(Metadata.empty()) ? "" : metadata.json()));
  }

  private static String text(Column column, String name) {
    if (column.metadata().isEmpty()) {
      return null;
    }
    Metadata metadata = Metadata.fromJson(column.metadata());
    return metadata.contains(name) ? metadata.getString(name) : null;
  }

  /**
   * The column or field at a path; or what stands for an element, key or value; empty if there is
   * none.
   */
  private Optional<Column> field(List<String> path) {
    return field(schema.columns(), path);
  }

  private static Optional<Column> field(List<Column> columns, List<String> path) {
    Optional<Column> column =
        columns.stream().filter(c -> c.name().equals(path.get(0))).findFirst();
    if (column.isEmpty() || path.size() == 1) {
      return column;
    }
    return field(part(column.get()), path.subList(1, path.size()));
  }

  private static List<Column> part(Column column) {
    if (column.type() instanceof io.alexstore.schema.StructType struct) {
      return struct.fields();
    }
    List<Column> parts = new ArrayList<>();
    if (column.type() instanceof ListType list) {
      parts.add(new Column(1, "element", list.element(), list.elementNullable()));
    } else if (column.type() instanceof MapType map) {
      parts.add(new Column(1, "key", map.key(), false));
      parts.add(new Column(1, "value", map.value(), map.valueNullable()));
    }
    return parts;
  }
}
