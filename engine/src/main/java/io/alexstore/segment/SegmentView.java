package io.alexstore.segment;

import io.alexstore.error.CorruptFileException;
import io.alexstore.key.KeyCodec;
import io.alexstore.row.Cursor;
import io.alexstore.row.Row;
import io.alexstore.schema.Column;
import io.alexstore.schema.Schema;
import io.alexstore.schema.TypeNames;
import io.alexstore.schema.TypeWidening;
import io.alexstore.segment.chunk.ChunkProjection;
import io.alexstore.segment.chunk.ChunkView;
import io.alexstore.segment.chunk.NodeTree;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The rows of a segment as rows of a schema: that which it was written with, or another of its
 * table. Columns are known by their ids: those that the segment does not have are their defaults,
 * those of narrower types are widened as they are read, those that the schema does not have are
 * left alone. Nothing is rewritten or copied; what is the same in both is read as fast as ever.
 *
 * <p>Thread safety: safe for any number of threads.
 */
public final class SegmentView {

  private final Segment segment;
  private final Schema schema;
  private final int columns;

  /** For each column of the schema its place in the key, or -1. */
  private final int[] keyColumns;

  /** The open chunks of top-level columns; that of column c in group g is at g * columns + c. */
  private final AtomicReferenceArray<ChunkView> chunks;

  // Of a schema that is not the segment's own; otherwise null.
  private final Projected[] projected;

  /**
   * How a column is read that need not be in the segment as it is asked for.
   *
   * @param source its place in the segment's schema; -1 if it is not there
   * @param projection how its chunks are read; null if it is not there
   * @param node what it is
   * @param missing its value if it is not there
   */
  private record Projected(
      int source, ChunkProjection projection, NodeTree.Node node, Object missing) {}

  /** The view by the segment's own schema. */
  SegmentView(Segment segment, Schema schema, int groups) {
    this(segment, schema, groups, null);
  }

  private SegmentView(Segment segment, Schema schema, int groups, Projected[] projected) {
    this.segment = segment;
    this.schema = schema;
    this.projected = projected;
    this.columns = schema.columns().size();
    this.keyColumns = new int[columns];
    Arrays.fill(keyColumns, -1);
    int[] places = schema.keyIndexes();
    for (int i = 0; i < places.length; i++) {
      keyColumns[places[i]] = i;
    }
    this.chunks = new AtomicReferenceArray<>(Math.multiplyExact(groups, columns));
  }

  /**
   * The view by another schema.
   *
   * @throws CorruptFileException if it is none that the segment's can have become
   */
  static SegmentView of(Segment segment, Schema schema) {
    Schema stored = segment.schema();
    requireSameKey(segment, schema);
    NodeTree nodes = new NodeTree(schema);
    Projected[] projected = new Projected[schema.columns().size()];
    try {
      for (int i = 0; i < projected.length; i++) {
        if (nodes.nodeOf(i) >= 0) {
          Column column = schema.columns().get(i);
          NodeTree.Node node = nodes.node(nodes.nodeOf(i));
          int source = stored.indexOf(column.id());
          projected[i] =
              source < 0
                  ? new Projected(-1, null, node, ChunkProjection.defaultOf(column))
                  : new Projected(
                      source, ChunkProjection.of(stored(segment, source), node), node, null);
        }
      }
    } catch (IllegalArgumentException e) {
      throw new CorruptFileException(
          segment.path(), -1, "the log's schema does not fit it: " + e.getMessage());
    }
    return new SegmentView(segment, schema, segment.rowGroupCount(), projected);
  }

  private static NodeTree.Node stored(Segment segment, int column) {
    int node = segment.nodes().nodeOf(column);
    if (node < 0) {
      throw new IllegalArgumentException(
          "column '" + segment.schema().columns().get(column).name() + "' is part of its key");
    }
    return segment.nodes().node(node);
  }

  private static void requireSameKey(Segment segment, Schema schema) {
    Schema stored = segment.schema();
    List<Column> now = schema.keyColumns();
    boolean same =
        stored.key().equals(schema.key()) && segment.keyForm() == KeyCodec.of(schema).form();
    for (int i = 0; same && i < now.size(); i++) {
      Column then = stored.keyColumns().get(i);
      same =
          TypeWidening.reading(then.type(), now.get(i).type()) == TypeWidening.Reading.AS_IT_IS
              && then.nullable() == now.get(i).nullable();
    }
    if (!same) {
      throw new CorruptFileException(
          segment.path(),
          -1,
          "its key is " + describe(stored) + ", the log's schema has " + describe(schema));
    }
  }

  private static List<String> describe(Schema schema) {
    return schema.keyColumns().stream()
        .map(c -> c.name() + " (id " + c.id() + ") " + TypeNames.name(c.type()))
        .toList();
  }

  /** The segment. */
  public Segment segment() {
    return segment;
  }

  /** What the rows are. */
  public Schema schema() {
    return schema;
  }

  /**
   * The values of a top-level column in a row group: a view that stays good while the segment is
   * open. Opened at first use.
   *
   * @param column the column's place in the schema; none of the key, for which there is {@link
   *     Segment#keyColumn}
   * @throws IllegalArgumentException if the column is part of the key, and others are not
   * @throws IndexOutOfBoundsException if there is no such row group, or all columns are of the key
   */
  public ChunkView chunk(int column, int group) {
    ChunkView chunk = chunks.getAcquire(group * columns + column);
    return chunk != null ? chunk : openChunk(column, group);
  }

  private ChunkView openChunk(int column, int group) {
    if (keyColumns[column] >= 0) {
      throw new IllegalArgumentException(
          "Column '"
              + schema.columns().get(column).name()
              + "' of "
              + segment.path()
              + " is part of the key and has no chunks");
    }
    ChunkView chunk = projected == null ? segment.openChunk(column, group) : project(column, group);
    // Views hold no state of their own, so it does not matter whose wins a race.
    chunks.setRelease(group * columns + column, chunk);
    return chunk;
  }

  private ChunkView project(int column, int group) {
    Projected p = projected[column];
    return p.source() < 0
        ? ChunkProjection.missing(p.node(), p.missing(), segment.rowsOfGroup(group))
        : p.projection().apply(segment.chunk(p.source(), group));
  }

  ChunkView chunkAt(int column, int position) {
    return chunk(column, position >>> segment.rowGroupShift());
  }

  int placeOf(int position) {
    return segment.placeOf(position);
  }

  /** The key column that a column of the schema is, or -1. */
  public int keyColumnOf(int column) {
    return keyColumns[column];
  }

  /** Checks all values of a row group now; of a remote file, reads them by few, large reads. */
  public void touchGroup(int group) {
    for (int column = 0; column < columns; column++) {
      if (keyColumns[column] < 0) {
        chunk(column, group).touchAll();
      }
    }
  }

  /** A row by position. It is read lazily, while the segment is open; for one thread. */
  public Row row(int position) {
    Objects.checkIndex(position, segment.rowCount());
    return new SegmentRow(this, segment.keyCursor(), position);
  }

  /**
   * The rows of {@code [from, to)}, for one thread, while the segment is open.
   *
   * @throws IndexOutOfBoundsException if the range is not in {@code [0, rowCount())}
   */
  public Cursor rows(int from, int to) {
    Objects.checkFromToIndex(from, to, segment.rowCount());
    return new SegmentCursor(new SegmentRow(this, segment.keyCursor(), from), from, to);
  }
}
