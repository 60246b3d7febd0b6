package io.alexstore.segment.chunk;

import io.alexstore.bytes.BlockBytes;

/** Booleans (as dictionary entries) and integers at their width. */
final class PlainIntegerView extends ChunkView {

  private final int width;

  PlainIntegerView(ChunkOpener opener) {
    super(opener);
    width = node.physical().width();
  }

  @Override
  public long getLong(int i) {
    int at = first + i * width;
    touch(at, width);
    return read(at);
  }

  private long read(int at) {
    BlockBytes bytes = file;
    return switch (width) {
      case 1 -> bytes.getByte(at);
      case 2 -> bytes.getShort(at);
      case 4 -> bytes.getInt(at);
      default -> bytes.getLong(at);
    };
  }

  @Override
  public void getLongs(int from, int n, long[] out, int at) {
    checkRange(from, n, out.length, at);
    int start = first + from * width;
    touch(start, n * width);
    if (width == 8) {
      file.slice(start, n * 8).asLongBuffer().get(out, at, n);
      return;
    }
    for (int i = 0; i < n; i++) {
      out[at + i] = read(start + i * width);
    }
  }

  @Override
  public void getInts(int from, int n, int[] out, int at) {
    checkRange(from, n, out.length, at);
    int start = first + from * width;
    touch(start, n * width);
    if (width == 4) {
      file.slice(start, n * 4).asIntBuffer().get(out, at, n);
      return;
    }
    for (int i = 0; i < n; i++) {
      out[at + i] = (int) read(start + i * width);
    }
  }
}
