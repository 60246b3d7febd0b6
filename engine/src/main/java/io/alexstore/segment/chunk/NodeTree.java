package io.alexstore.segment.chunk;

import io.alexstore.schema.Column;
import io.alexstore.schema.ColumnType;
import io.alexstore.schema.ListType;
import io.alexstore.schema.MapType;
import io.alexstore.schema.PhysicalType;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.StructType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The columns of a schema that are not part of its key, flattened in preorder into nodes; each node
 * has one chunk in each row group. Immutable. See {@code docs/format/segment.md}, Rows, groups,
 * nodes.
 */
public final class NodeTree {

  /**
   * One node.
   *
   * @param index the node's number in preorder, from 0
   * @param parent the number of the node that this one is a part of, or -1 for a top-level column
   * @param columnId the id of the column, field, element, key or value; a part of a calendar
   *     interval or variant has its parent's
   * @param name the place in the schema, readable, such as {@code address.lines.element}
   * @param type the type
   * @param nullable whether the schema allows nulls
   * @param children the parts in order: a struct's fields, a list's element, a map's key and value
   */
  public record Node(
      int index,
      int parent,
      int columnId,
      String name,
      ColumnType type,
      boolean nullable,
      List<Node> children) {

    /** How the values are stored. */
    public PhysicalType physical() {
      return type.physical();
    }
  }

  private final List<Node> nodes;
  private final int[] nodeOfColumn;

  /** Flattens a schema. */
  public NodeTree(Schema schema) {
    List<Node> preorder = new ArrayList<>();
    List<Column> columns = schema.columns();
    nodeOfColumn = new int[columns.size()];
    for (int i = 0; i < nodeOfColumn.length; i++) {
      Column column = columns.get(i);
      if (schema.key().columnIds().contains(column.id())) {
        nodeOfColumn[i] = -1;
      } else {
        nodeOfColumn[i] = preorder.size();
        add(preorder, -1, column.id(), column.name(), column.type(), column.nullable());
      }
    }
    nodes = List.copyOf(preorder);
  }

  private static Node add(
      List<Node> preorder, int parent, int id, String name, ColumnType type, boolean nullable) {
    int index = preorder.size();
    List<Node> children = new ArrayList<>();
    Node node =
        new Node(index, parent, id, name, type, nullable, Collections.unmodifiableList(children));
    preorder.add(node);
    if (type instanceof StructType struct) {
      for (Column field : struct.fields()) {
        String fieldName = name + "." + field.name();
        children.add(add(preorder, index, field.id(), fieldName, field.type(), field.nullable()));
      }
    } else if (type instanceof ListType list) {
      children.add(
          add(
              preorder,
              index,
              list.elementId(),
              name + ".element",
              list.element(),
              list.elementNullable()));
    } else if (type instanceof MapType map) {
      children.add(add(preorder, index, map.keyId(), name + ".key", map.key(), false));
      children.add(
          add(preorder, index, map.valueId(), name + ".value", map.value(), map.valueNullable()));
    } else if (type instanceof ScalarType scalar) {
      List<ScalarType> parts = scalar.parts();
      for (int i = 0; i < parts.size(); i++) {
        children.add(add(preorder, index, id, name + "." + i, parts.get(i), false));
      }
    }
    return node;
  }

  /** The number of nodes: of chunks in each row group. */
  public int nodeCount() {
    return nodes.size();
  }

  /** The node with a number. */
  public Node node(int index) {
    return nodes.get(index);
  }

  /** The number of the node of a top-level column, or -1 for a column of the key. */
  public int nodeOf(int column) {
    return nodeOfColumn[column];
  }
}
