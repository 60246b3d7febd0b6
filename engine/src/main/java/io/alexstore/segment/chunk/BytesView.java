package io.alexstore.segment.chunk;

/** Strings and binary: linear offsets, then the bytes. */
final class BytesView extends LinearBase {

  private final int limit;

  BytesView(ChunkOpener opener) {
    super(opener);
    limit = opener.end() - second;
  }

  @Override
  public long bytesRange(int i) {
    long offsets = offsets(i, limit);
    int start = (int) (offsets >>> 32);
    int length = (int) offsets - start;
    touch(second + start, length);
    return (long) (second + start) << 32 | length;
  }
}
