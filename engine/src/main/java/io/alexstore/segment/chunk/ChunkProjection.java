package io.alexstore.segment.chunk;

import io.alexstore.schema.Column;
import io.alexstore.schema.StructType;
import io.alexstore.schema.TypeWidening;
import io.alexstore.schema.TypeWidening.Reading;
import io.alexstore.schema.ValueJson;
import java.util.List;

/**
 * How the chunks of a node are read that was written under one schema, as the node that the column
 * is in another: fields that were dropped are left out, those that were added have their defaults,
 * and narrower types are widened. Columns are known by their ids. Immutable and thread-safe.
 */
public final class ChunkProjection {

  private final NodeTree.Node node;

  /** Of a type that is not nested; null of others. */
  private final Reading reading;

  /** Of each part the place in what is stored, or -1. */
  private final int[] places;

  private final ChunkProjection[] parts;
  private final Object[] defaults;
  private final boolean isIdentity;

  private ChunkProjection(NodeTree.Node stored, NodeTree.Node node) {
    this.node = node;
    int n = node.children().size();
    this.places = new int[n];
    this.parts = new ChunkProjection[n];
    this.defaults = new Object[n];
    boolean isNested = node.physical().isNested();
    this.reading = isNested ? null : TypeWidening.reading(stored.type(), node.type());
    if (isNested ? stored.physical() != node.physical() : reading == Reading.NONE) {
      throw new IllegalArgumentException(
          "column '"
              + node.name()
              + "' was written as "
              + stored.type()
              + ", and is to be read as "
              + node.type());
    }
    boolean same = isNested ? stored.children().size() == n : reading == Reading.AS_IT_IS;
    for (int i = 0; i < n; i++) {
      places[i] = place(stored.children(), i);
      if (places[i] >= 0) {
        parts[i] = new ChunkProjection(stored.children().get(places[i]), node.children().get(i));
        same &= places[i] == i && parts[i].isIdentity;
      } else {
        defaults[i] = defaultOf(((StructType) node.type()).fields().get(i));
        same = false;
      }
    }
    this.isIdentity = same;
  }

  /**
   * How a column is read.
   *
   * @param stored the node that its chunks were written as
   * @param node the node that it is now, of the same column
   * @throws IllegalArgumentException if its type never became what it is now
   */
  public static ChunkProjection of(NodeTree.Node stored, NodeTree.Node node) {
    return new ChunkProjection(stored, node);
  }

  /** Which of the stored parts is the one with a number now; only fields of structs have ids. */
  private int place(List<NodeTree.Node> stored, int part) {
    if (!(node.type() instanceof StructType)) {
      return part;
    }
    for (int i = 0; i < stored.size(); i++) {
      if (stored.get(i).columnId() == node.children().get(part).columnId()) {
        return i;
      }
    }
    return -1;
  }

  /**
   * The value that a column has in rows that were written before it was added, in the Java form
   * that {@link io.alexstore.schema.JavaValues} lists; null for null.
   */
  public static Object defaultOf(Column column) {
    return column
        .addedDefault()
        .map(text -> ValueJson.fromText(column.name(), column.type(), text))
        .orElse(null);
  }

  /**
   * A column that a segment does not have.
   *
   * @param node the column's
   * @param value its default, as {@link #defaultOf} gives it
   * @param count the number of values
   */
  public static ChunkView missing(NodeTree.Node node, Object value, int count) {
    return LiteralView.constant(node, value, count);
  }

  /** Whether chunks are read as they are. */
  public boolean isIdentity() {
    return isIdentity;
  }

  /**
   * A chunk as the column is now. O(number of fields). Where nothing has to be converted, that is
   * the chunk itself, whose node still tells of the type that it was written as.
   */
  public ChunkView apply(ChunkView stored) {
    if (isIdentity) {
      return stored;
    }
    if (reading != null) {
      return new WidenedView(stored, node, reading);
    }
    ChunkView[] children = new ChunkView[parts.length];
    for (int i = 0; i < children.length; i++) {
      children[i] =
          places[i] >= 0
              ? parts[i].apply(stored.child(places[i]))
              : LiteralView.field(stored, node.children().get(i), defaults[i]);
    }
    return new ReshapedView(stored, node, children);
  }
}
