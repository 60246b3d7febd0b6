package io.alexstore.schema;

import io.alexstore.schema.SchemaChange.After;
import io.alexstore.schema.SchemaChange.First;
import io.alexstore.schema.SchemaChange.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Changes a schema so that all segments that were written before can still be read, as they are:
 * columns keep their ids, and new ones get ids that no column ever had. What is refused:
 *
 * <ul>
 *   <li>to drop a column of the key, to let it be null (its encoding tells), or to widen it but
 *       from integer to integer, which are encoded alike
 *   <li>types that are no {@linkplain TypeWidening widening} of those before
 *   <li>a new column that is not nullable and has no default
 *   <li>to drop or rename what a CHECK constraint names
 *   <li>other fields in a map's keys, which would make keys equal that were not
 * </ul>
 *
 * <p>For one schema; not thread-safe.
 */
public final class SchemaEvolution {

  private static final String ELEMENT = "element";
  private static final String KEY = "key";
  private static final String VALUE = "value";

  /** What stands at a path: the type of a column, element, key or value. */
  private record Slot(ColumnType type, boolean nullable) {}

  private final Schema base;
  private final ColumnIds ids;
  private List<Column> columns;

  /** Whether the path that is being walked leads into a map's key. */
  private boolean inMapKey;

  private SchemaEvolution(Schema base) {
    this.base = base;
    this.ids = new ColumnIds(base.lastColumnId());
    this.columns = base.columns();
  }

  /**
   * A schema with changes, which are made one after another.
   *
   * @param id the new schema's number
   * @return the schema itself if nothing is another
   * @throws IllegalArgumentException if a change is not allowed; the message names the column, the
   *     reason and what to do
   */
  public static Schema apply(Schema schema, List<? extends SchemaChange> changes, int id) {
    SchemaEvolution evolution = new SchemaEvolution(schema);
    changes.forEach(evolution::apply);
    return evolution.columns.equals(schema.columns())
        ? schema
        : new Schema(id, evolution.columns, schema.key(), evolution.ids.lastId(), schema.checks());
  }

  private void apply(SchemaChange change) {
    List<String> path = change.path();
    if (change instanceof SchemaChange.Add add) {
      editSiblings(path, fields -> add(fields, add));
    } else if (change instanceof SchemaChange.Drop) {
      requireNotKey(path, "dropped: the rows lie in its order. Make a new table with another key");
      editSiblings(path, fields -> drop(fields, path));
    } else if (change instanceof SchemaChange.Rename rename) {
      editSiblings(path, fields -> rename(fields, rename));
    } else if (change instanceof SchemaChange.Move move) {
      editSiblings(path, fields -> move(fields, move));
    } else if (change instanceof SchemaChange.Widen widen) {
      edit(path, slot -> widen(slot, widen));
    } else if (change instanceof SchemaChange.AllowNulls) {
      requireNotKey(path, "made nullable: keys are encoded without nulls. Leave it NOT NULL");
      edit(path, slot -> new Slot(slot.type(), true));
    } else if (change instanceof SchemaChange.SetMetadata set) {
      editSiblings(path, fields -> setMetadata(fields, set));
    }
  }

  // ---- finding what is to be changed

  private void edit(List<String> path, UnaryOperator<Slot> edit) {
    inMapKey = false;
    Slot root = walk(new Slot(new StructType(columns), false), path, 0, edit);
    columns = ((StructType) root.type()).fields();
  }

  /** Edits the fields that a path's last name is, or is to be, one of. */
  private void editSiblings(List<String> path, UnaryOperator<List<Column>> edit) {
    List<String> parent = path.subList(0, path.size() - 1);
    edit(
        parent,
        slot -> {
          if (!(slot.type() instanceof StructType struct)) {
            throw new IllegalArgumentException(
                "Column '"
                    + String.join(".", path)
                    + "' would be a field of "
                    + TypeNames.name(slot.type())
                    + ", which has none; fields are those of structs");
          }
          return new Slot(new StructType(edit.apply(struct.fields())), slot.nullable());
        });
  }

  private Slot walk(Slot slot, List<String> path, int depth, UnaryOperator<Slot> edit) {
    if (depth == path.size()) {
      return edit.apply(slot);
    }
    String name = path.get(depth);
    if (slot.type() instanceof StructType struct) {
      List<Column> fields = new ArrayList<>(struct.fields());
      int place = indexOf(fields, name, path);
      Column c = fields.get(place);
      Slot changed = walk(new Slot(c.type(), c.nullable()), path, depth + 1, edit);
      fields.set(
          place,
          new Column(
              c.id(),
              c.name(),
              changed.type(),
              changed.nullable(),
              c.metadata(),
              c.addedDefault()));
      return new Slot(new StructType(fields), slot.nullable());
    } else if (slot.type() instanceof ListType list && name.equals(ELEMENT)) {
      Slot changed = walk(new Slot(list.element(), list.elementNullable()), path, depth + 1, edit);
      return new Slot(
          new ListType(list.elementId(), changed.type(), changed.nullable()), slot.nullable());
    } else if (slot.type() instanceof MapType map && name.equals(KEY)) {
      inMapKey = true;
      Slot changed = walk(new Slot(map.key(), false), path, depth + 1, edit);
      if (changed.nullable()) {
        throw new IllegalArgumentException(
            "'" + String.join(".", path) + "' is a map's key, and keys are never null");
      }
      return new Slot(
          new MapType(map.keyId(), changed.type(), map.valueId(), map.value(), map.valueNullable()),
          slot.nullable());
    } else if (slot.type() instanceof MapType map && name.equals(VALUE)) {
      Slot changed = walk(new Slot(map.value(), map.valueNullable()), path, depth + 1, edit);
      return new Slot(
          new MapType(map.keyId(), map.key(), map.valueId(), changed.type(), changed.nullable()),
          slot.nullable());
    }
    throw new IllegalArgumentException(
        "There is no column '"
            + String.join(".", path)
            + "': '"
            + String.join(".", path.subList(0, depth))
            + "' is "
            + TypeNames.name(slot.type()));
  }

  private static int indexOf(List<Column> fields, String name, List<String> path) {
    List<String> names = fields.stream().map(Column::name).toList();
    int place = names.indexOf(name);
    if (place < 0) {
      throw new IllegalArgumentException(
          "There is no column '"
              + String.join(".", path)
              + "': '"
              + name
              + "' is not one of "
              + names);
    }
    return place;
  }

  private void requireNotKey(List<String> path, String what) {
    if (isKey(path)) {
      throw new IllegalArgumentException(
          "Column '" + path.get(0) + "' is part of the key, and cannot be " + what);
    }
  }

  private boolean isKey(List<String> path) {
    return path.size() == 1
        && columns.stream()
            .anyMatch(c -> c.name().equals(path.get(0)) && base.key().columnIds().contains(c.id()));
  }

  private void requireNotInMapKey(List<String> path) {
    if (inMapKey) {
      throw new IllegalArgumentException(
          "Column '"
              + String.join(".", path)
              + "' is part of a map's keys, whose fields cannot be added or dropped, since keys"
              + " that differ might become equal. Make a new map column");
    }
  }

  // ---- the changes

  private List<Column> add(List<Column> fields, SchemaChange.Add add) {
    requireNotInMapKey(add.path());
    String name = last(add.path());
    requireFree(fields, name, add.path());
    if (!add.nullable() && add.addedDefault() == null) {
      throw new IllegalArgumentException(
          "Column '"
              + String.join(".", add.path())
              + "' cannot be added as NOT NULL without a default: the rows that are there would"
              + " have no value. Give it a DEFAULT, or leave NOT NULL out");
    }
    Column c =
        ids.renumber(
            new Column(1, name, add.type(), add.nullable(), add.metadata(), Optional.empty()));
    Optional<String> added =
        Optional.ofNullable(add.addedDefault()).map(v -> ValueJson.toText(name, c.type(), v));
    return placed(
        fields,
        new Column(c.id(), name, c.type(), c.nullable(), c.metadata(), added),
        add.position(),
        add.path());
  }

  private List<Column> drop(List<Column> fields, List<String> path) {
    requireNotInMapKey(path);
    List<Column> left = new ArrayList<>(fields);
    requireUnchecked(left.remove(indexOf(fields, last(path), path)), path, "dropped");
    if (left.isEmpty()) {
      throw new IllegalArgumentException(
          "Column '"
              + String.join(".", path)
              + "' is the only field of its struct, and a struct needs one. Drop the struct");
    }
    return left;
  }

  private List<Column> rename(List<Column> fields, SchemaChange.Rename rename) {
    int place = indexOf(fields, last(rename.path()), rename.path());
    Column c = fields.get(place);
    requireUnchecked(c, rename.path(), "renamed");
    List<Column> changed = new ArrayList<>(fields);
    changed.remove(place);
    requireFree(changed, rename.name(), rename.path());
    changed.add(
        place,
        new Column(c.id(), rename.name(), c.type(), c.nullable(), c.metadata(), c.addedDefault()));
    return changed;
  }

  private static List<Column> move(List<Column> fields, SchemaChange.Move move) {
    List<Column> others = new ArrayList<>(fields);
    Column c = others.remove(indexOf(fields, last(move.path()), move.path()));
    return placed(others, c, move.position(), move.path());
  }

  private void requireUnchecked(Column column, List<String> path, String what) {
    for (CheckConstraint check : base.checks()) {
      if (check.columnIds().stream().anyMatch(id -> isIn(id, column))) {
        throw new IllegalArgumentException(
            "Column '"
                + String.join(".", path)
                + "' cannot be "
                + what
                + ": the CHECK constraint '"
                + check.name()
                + "' ("
                + check.expression()
                + ") names it. Drop the constraint first");
      }
    }
  }

  /** Whether an id is a column's, or that of a field in it. */
  private static boolean isIn(int id, Column column) {
    return column.id() == id
        || (column.type() instanceof StructType struct
            && struct.fields().stream().anyMatch(field -> isIn(id, field)));
  }

  private static List<Column> placed(
      List<Column> others, Column column, Position position, List<String> path) {
    List<Column> all = new ArrayList<>(others);
    int place = all.size();
    if (position instanceof First) {
      place = 0;
    } else if (position instanceof After after) {
      place = 1 + indexOf(others, after.name(), path);
    }
    all.add(place, column);
    return all;
  }

  private Slot widen(Slot slot, SchemaChange.Widen widen) {
    String name = String.join(".", widen.path());
    boolean allowed =
        TypeWidening.isAllowed(slot.type(), widen.type())
            || (slot.type().physical().isNested() && ColumnIds.same(slot.type(), widen.type()));
    if (!allowed) {
      throw new IllegalArgumentException(
          "Column '"
              + name
              + "' of type "
              + TypeNames.name(slot.type())
              + " cannot become "
              + TypeNames.name(widen.type())
              + ": "
              + TypeWidening.RULES
              + ". For other types add a column, fill it by an UPDATE, and drop this one");
    }
    if (slot.type().physical().isNested() || slot.type().equals(widen.type())) {
      return slot;
    }
    if (isKey(widen.path()) && !TypeWidening.isInteger(slot.type())) {
      throw new IllegalArgumentException(
          "Column '"
              + name
              + "' of type "
              + TypeNames.name(slot.type())
              + " is part of the key, and cannot become "
              + TypeNames.name(widen.type())
              + ": only integers of the key can be widened, since keys are not encoded anew");
    }
    return new Slot(widen.type(), slot.nullable());
  }

  private static List<Column> setMetadata(List<Column> fields, SchemaChange.SetMetadata set) {
    int place = indexOf(fields, last(set.path()), set.path());
    Column c = fields.get(place);
    List<Column> changed = new ArrayList<>(fields);
    changed.set(
        place,
        new Column(c.id(), c.name(), c.type(), c.nullable(), set.metadata(), c.addedDefault()));
    return changed;
  }

  private static void requireFree(List<Column> others, String name, List<String> path) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException(
          "Column '" + String.join(".", path) + "' would have no name");
    }
    if (others.stream().anyMatch(c -> c.name().equals(name))) {
      throw new IllegalArgumentException(
          "There is a column '" + name + "' already; choose another name, or rename that one");
    }
  }

  private static String last(List<String> path) {
    return path.get(path.size() - 1);
  }
}
