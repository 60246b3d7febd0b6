package io.alexstore.segment;

import io.alexstore.row.Row;
import io.alexstore.schema.Schema;
import io.alexstore.schema.Values;
import io.alexstore.segment.chunk.ChunkValues;
import io.alexstore.segment.chunk.ChunkView;
import java.math.BigInteger;

/**
 * A row of an open segment: nothing is read before it is asked for. Not thread-safe; good while the
 * segment is open.
 */
final class SegmentRow implements Row {
  private final SegmentView view;
  private final KeyCursor keys;
  private int position;

  SegmentRow(SegmentView view, KeyCursor keys, int position) {
    this.view = view;
    this.keys = keys;
    this.position = position;
  }

  void moveTo(int newPosition) {
    position = newPosition;
  }

  private ChunkView chunk(int column) {
    return view.chunkAt(column, position);
  }

  private int place() {
    return view.placeOf(position);
  }

  /** The key column that a column is, or -1. */
  private int key(int column) {
    return view.keyColumnOf(column);
  }

  @Override
  public Schema schema() {
    return view.schema();
  }

  @Override
  public int size() {
    return view.schema().columns().size();
  }

  @Override
  public boolean isNull(int i) {
    int key = key(i);
    return key >= 0 ? keys.at(position).isNull(key) : chunk(i).isNull(place());
  }

  @Override
  public long getLong(int i) {
    int key = key(i);
    return key >= 0 ? keys.at(position).getLong(key) : chunk(i).getLong(place());
  }

  @Override
  public float getFloat(int i) {
    int key = key(i);
    return key >= 0 ? keys.at(position).getFloat(key) : chunk(i).getFloat(place());
  }

  @Override
  public double getDouble(int i) {
    int key = key(i);
    return key >= 0 ? keys.at(position).getDouble(key) : chunk(i).getDouble(place());
  }

  @Override
  public BigInteger getBigInteger(int i) {
    int key = key(i);
    return key >= 0 ? keys.at(position).getBigInteger(key) : chunk(i).getBigInteger(place());
  }

  @Override
  public byte[] getBytes(int i) {
    int key = key(i);
    return key >= 0 ? keys.at(position).getBytes(key) : chunk(i).getBytes(place());
  }

  @Override
  public Values getStruct(int i) {
    return ChunkValues.struct(chunk(i), place());
  }

  @Override
  public Values getList(int i) {
    return ChunkValues.list(chunk(i), place());
  }

  @Override
  public Values getMapKeys(int i) {
    return ChunkValues.mapKeys(chunk(i), place());
  }

  @Override
  public Values getMapValues(int i) {
    return ChunkValues.mapValues(chunk(i), place());
  }

  @Override
  public String toString() {
    return Row.toString(this);
  }
}
