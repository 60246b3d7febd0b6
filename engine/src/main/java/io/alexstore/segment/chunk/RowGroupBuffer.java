package io.alexstore.segment.chunk;

import io.alexstore.schema.Schema;
import io.alexstore.schema.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;

/**
 * Rows that wait to become row groups: copies the values of rows, node by node, and encodes any
 * number of the first ones. Memory is reused from one row group to the next. Not thread-safe.
 */
public final class RowGroupBuffer {

  private final int columns;
  private final int[] columnOf;
  private final NodeBuffer[] buffers;
  private final int nodeCount;
  private final ChunkEncoder encoder = new ChunkEncoder();
  private int rows;

  /** What {@link #bytes} gives: summed once for each change, since writers ask several times. */
  private long bytes;

  /** An empty buffer for rows of a schema; {@code tree} is that of the schema. */
  public RowGroupBuffer(Schema schema, NodeTree tree) {
    this(schema, tree, column -> null);
  }

  /**
   * An empty buffer for rows of a schema; {@code tree} is that of the schema.
   *
   * @param counters for a column's place in the schema who gets to know its values as they are
   *     encoded; null for nobody
   */
  public RowGroupBuffer(Schema schema, NodeTree tree, IntFunction<ColumnCounter> counters) {
    columns = schema.columns().size();
    List<NodeBuffer> list = new ArrayList<>();
    int[] places = new int[columns];
    for (int column = 0; column < columns; column++) {
      int node = tree.nodeOf(column);
      if (node >= 0) {
        places[list.size()] = column;
        NodeBuffer buffer = NodeBuffer.create(tree.node(node));
        buffer.counter = counters.apply(column);
        list.add(buffer);
      }
    }
    columnOf = places;
    buffers = list.toArray(NodeBuffer[]::new);
    nodeCount = tree.nodeCount();
  }

  /**
   * Copies a row's values; those of key columns are not looked at. If it throws, the buffer is as
   * it was before.
   *
   * @param row values in the order of the schema's columns
   * @throws IllegalArgumentException if a value is null where the schema allows none, does not fit
   *     its type, or takes more than the 2^31 bytes that a column may have in the buffer
   */
  public void append(Values row) {
    if (row.size() != columns) {
      throw new IllegalArgumentException(
          "row has " + row.size() + " values, but the schema " + columns + " columns");
    }
    try {
      for (int i = 0; i < buffers.length; i++) {
        buffers[i].append(row, columnOf[i]);
      }
      rows++;
      bytes = sumBytes();
    } catch (RuntimeException | Error e) {
      truncate(rows);
      throw e;
    }
  }

  /** The number of rows held. */
  public int rows() {
    return rows;
  }

  /**
   * About the bytes of the rows held, unencoded, integers of less than 32 bits counted as 32. Their
   * chunks take no more but for padding and, in a group of few rows, a few dozen bytes for each
   * node. The heap that they take is at most three times as much, of which a third is room to grow.
   */
  public long bytes() {
    return bytes;
  }

  private long sumBytes() {
    long sum = 0;
    for (NodeBuffer buffer : buffers) {
      sum += buffer.bytes();
    }
    return sum;
  }

  /** Forgets all rows from number {@code newRows} on. */
  public void truncate(int newRows) {
    Objects.checkIndex(newRows, rows + 1);
    for (NodeBuffer buffer : buffers) {
      buffer.truncate(newRows);
    }
    rows = newRows;
    bytes = sumBytes();
  }

  /**
   * Encodes the first {@code n} rows and removes them; the others stay.
   *
   * @return one chunk for each node, in the nodes' order. Their bytes are good until the next call
   */
  public List<EncodedChunk> drain(int n) {
    Objects.checkIndex(n, rows + 1);
    encoder.out().reset();
    List<EncodedChunk> chunks = new ArrayList<>(nodeCount);
    for (NodeBuffer buffer : buffers) {
      buffer.encode(n, encoder, chunks);
    }
    for (NodeBuffer buffer : buffers) {
      buffer.drop(n);
    }
    rows -= n;
    bytes = sumBytes();
    return chunks;
  }
}
