package io.alexstore.spark.read;

import io.alexstore.error.CorruptFileException;
import io.alexstore.schema.Column;
import io.alexstore.schema.ColumnType;
import io.alexstore.schema.ListType;
import io.alexstore.schema.MapType;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.StructType;
import io.alexstore.segment.chunk.ChunkView;
import io.alexstore.segment.chunk.NodeTree;
import io.alexstore.spark.convert.SparkSchemas;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.types.UTF8String;

/** A column that is not of the key, or a part of one, over its chunk of a row group. */
final class ChunkVector extends SegmentVector {

  private final ChunkVector[] children;

  /**
   * The ids of a struct's fields, of which there may be fewer than in the chunk; otherwise null.
   */
  private final int[] fieldIds;

  private ChunkView view;
  private boolean hasNulls;

  /** Where the map is, if strings stand in it as they are; otherwise 0. */
  private long address;

  // The codes of the batch's values, and the strings that they stand for as far as they were read.
  private int[] codes;
  private int codesEpoch = -1;
  private UTF8String[] entries;
  private boolean entriesBound;

  private ChunkVector(ColumnType type, RowWindow window) {
    super(SparkSchemas.toSpark(type), window);
    this.children = children(type, window);
    this.fieldIds =
        type instanceof StructType struct
            ? struct.fields().stream().mapToInt(Column::id).toArray()
            : null;
  }

  static ChunkVector of(Column column, RowWindow window) {
    return new ChunkVector(column.type(), window);
  }

  private static ChunkVector[] children(ColumnType type, RowWindow window) {
    List<ChunkVector> children = new ArrayList<>();
    if (type instanceof StructType struct) {
      for (Column field : struct.fields()) {
        children.add(new ChunkVector(field.type(), window));
      }
    } else if (type instanceof ListType list) {
      children.add(new ChunkVector(list.element(), null));
    } else if (type instanceof MapType map) {
      children.add(new ChunkVector(map.key(), null));
      children.add(new ChunkVector(map.value(), null));
    } else if (type instanceof ScalarType scalar) {
      for (ScalarType part : scalar.parts()) {
        children.add(new ChunkVector(part, window));
      }
    }
    return children.toArray(ChunkVector[]::new);
  }

  /** Goes on to another row group, of the segment at a path. */
  void bind(String path, ChunkView newView, long newAddress) {
    view = newView;
    hasNulls = newView.hasNulls();
    address = newView.isInPlace() ? newAddress : 0;
    entriesBound = false;
    int place = -1;
    for (int i = 0; i < children.length; i++) {
      place = fieldIds == null ? i : placeOf(path, fieldIds[i], place + 1);
      children[i].bind(path, newView.child(place), newAddress);
    }
  }

  /** Which of the struct's fields has an id. Looked for from where it is likely to be. */
  private int placeOf(String path, int fieldId, int likely) {
    List<NodeTree.Node> fields = view.node().children();
    for (int i = 0; i < fields.size(); i++) {
      int place = (likely + i) % fields.size();
      if (fields.get(place).columnId() == fieldId) {
        return place;
      }
    }
    throw new CorruptFileException(
        path,
        -1,
        "its struct '"
            + view.node().name()
            + "' has no field with id "
            + fieldId
            + ", though the table's log says so");
  }

  @Override
  boolean mayBeNull() {
    return hasNulls;
  }

  @Override
  boolean nullAtPlace(int place) {
    return view.isNull(place);
  }

  @Override
  long longAtPlace(int place) {
    return view.getLong(place);
  }

  @Override
  float floatAtPlace(int place) {
    return view.getFloat(place);
  }

  @Override
  double doubleAtPlace(int place) {
    return view.getDouble(place);
  }

  @Override
  BigInteger bigIntegerAtPlace(int place) {
    return view.getBigInteger(place);
  }

  @Override
  UTF8String stringAtPlace(int place) {
    return address == 0
        ? UTF8String.fromBytes(view.getBytes(place))
        : MapAddress.string(address, view.bytesRange(place));
  }

  /** A string that stands in a dictionary is made once, not for each row. */
  @Override
  public UTF8String getUTF8String(int row) {
    if (view.dictionarySize() == 0) {
      return super.getUTF8String(row);
    }
    if (isNullAt(row)) {
      return null;
    }
    if (!entriesBound) {
      bindEntries();
    }
    int code = code(row);
    UTF8String entry = entries[code];
    if (entry == null) {
      entry = stringAtPlace(at(row));
      entries[code] = entry;
    }
    return entry;
  }

  private void bindEntries() {
    int size = view.dictionarySize();
    if (entries == null || entries.length < size) {
      entries = new UTF8String[size];
    } else {
      Arrays.fill(entries, null);
    }
    entriesBound = true;
  }

  private int code(int row) {
    if (window == null) {
      return view.code(row);
    }
    if (codesEpoch != window.epoch()) {
      decodeCodes();
    }
    return codes[row];
  }

  private void decodeCodes() {
    if (codes == null) {
      codes = new int[RowWindow.MAX_ROWS];
    }
    int count = window.count();
    if (window.isDense()) {
      view.getCodes(window.base(), count, codes, 0);
    } else if (window.isClose()) {
      int base = window.base();
      view.getCodes(base, window.span(), codes, 0);
      int[] selection = window.selection();
      for (int row = 0; row < count; row++) {
        codes[row] = codes[selection[row] - base];
      }
    } else {
      for (int row = 0; row < count; row++) {
        codes[row] = view.code(window.at(row));
      }
    }
    codesEpoch = window.epoch();
  }

  @Override
  byte[] bytesAtPlace(int place) {
    return view.getBytes(place);
  }

  @Override
  void longs(int place, int count, long[] target) {
    view.getLongs(place, count, target, 0);
  }

  @Override
  void doubles(int place, int count, double[] target) {
    view.getDoubles(place, count, target, 0);
  }

  @Override
  void nulls(int place, int count, boolean[] target) {
    view.getNulls(place, count, target, 0);
  }

  @Override
  public ColumnarArray getArray(int row) {
    if (isNullAt(row)) {
      return null;
    }
    int place = at(row);
    int start = view.elementStart(place);
    return new ColumnarArray(children[0], start, view.elementEnd(place) - start);
  }

  @Override
  public ColumnarMap getMap(int row) {
    if (isNullAt(row)) {
      return null;
    }
    int place = at(row);
    int start = view.elementStart(place);
    return new ColumnarMap(children[0], children[1], start, view.elementEnd(place) - start);
  }

  @Override
  public ColumnVector getChild(int ordinal) {
    return children[ordinal];
  }
}
