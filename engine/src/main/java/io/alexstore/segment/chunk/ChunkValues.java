package io.alexstore.segment.chunk;

import io.alexstore.schema.Values;
import java.math.BigInteger;

/**
 * The values of several chunks at one position: a row, or a struct. Only nested values are objects;
 * each is new, so that it may be kept. Not thread-safe.
 */
public final class ChunkValues implements Values {

  private final ChunkView[] columns;
  private int position;

  /** A row of columns; those that are null must not be asked for. */
  public ChunkValues(ChunkView[] columns, int position) {
    this.columns = columns;
    this.position = position;
  }

  /** Moves to another position of the same chunks. */
  public void moveTo(int newPosition) {
    this.position = newPosition;
  }

  /** A struct at a position of its chunk. */
  public static Values struct(ChunkView struct, int i) {
    return new ChunkValues(struct.children, i);
  }

  /** A list at a position of its chunk. */
  public static Values list(ChunkView list, int i) {
    return new ElementValues(list.child(0), list.elementStart(i), list.elementEnd(i));
  }

  /** A map's keys at a position of its chunk. */
  public static Values mapKeys(ChunkView map, int i) {
    return list(map, i);
  }

  /** A map's values at a position of its chunk. */
  public static Values mapValues(ChunkView map, int i) {
    return new ElementValues(map.child(1), map.elementStart(i), map.elementEnd(i));
  }

  @Override
  public int size() {
    return columns.length;
  }

  @Override
  public boolean isNull(int i) {
    return columns[i].isNull(position);
  }

  @Override
  public long getLong(int i) {
    return columns[i].getLong(position);
  }

  @Override
  public float getFloat(int i) {
    return columns[i].getFloat(position);
  }

  @Override
  public double getDouble(int i) {
    return columns[i].getDouble(position);
  }

  @Override
  public BigInteger getBigInteger(int i) {
    return columns[i].getBigInteger(position);
  }

  @Override
  public byte[] getBytes(int i) {
    return columns[i].getBytes(position);
  }

  @Override
  public Values getStruct(int i) {
    return struct(columns[i], position);
  }

  @Override
  public Values getList(int i) {
    return list(columns[i], position);
  }

  @Override
  public Values getMapKeys(int i) {
    return mapKeys(columns[i], position);
  }

  @Override
  public Values getMapValues(int i) {
    return mapValues(columns[i], position);
  }
}
