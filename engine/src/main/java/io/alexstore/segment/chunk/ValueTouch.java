package io.alexstore.segment.chunk;

/** Reads single values for the sake of the bytes that this brings in from a remote file. */
public final class ValueTouch {

  private ValueTouch() {}

  /** Makes all bytes of one value fit to be read, those of what it is made of, too. */
  public static void touch(ChunkView chunk, int place) {
    if (chunk.isNull(place)) {
      return;
    }
    switch (chunk.node().physical()) {
      case BOOLEAN, INT8, INT16, INT32, INT64 -> chunk.getLong(place);
      case FLOAT32 -> chunk.getFloat(place);
      case FLOAT64 -> chunk.getDouble(place);
      case INT128 -> chunk.getBigInteger(place);
      case BYTES -> touchBytes(chunk, place);
      case STRUCT -> touchChildren(chunk, place, place + 1);
      case LIST, MAP -> touchChildren(chunk, chunk.elementStart(place), chunk.elementEnd(place));
    }
  }

  private static void touchBytes(ChunkView chunk, int place) {
    if (chunk.bytesRange(place) == ChunkView.COMPRESSED) {
      // Only reading it tells where all of it is; beside the read of a remote file that is nothing.
      chunk.getBytes(place);
    }
  }

  private static void touchChildren(ChunkView chunk, int from, int to) {
    for (int child = 0; child < chunk.childCount(); child++) {
      for (int place = from; place < to; place++) {
        touch(chunk.child(child), place);
      }
    }
  }
}
