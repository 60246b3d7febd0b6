package io.alexstore.segment.chunk;

/** The entries of a dictionary of strings or binary: 32-bit offsets, then the bytes. */
final class BytesEntriesView extends ChunkView {

  private final int limit;

  BytesEntriesView(ChunkOpener opener) {
    super(opener);
    limit = opener.end() - second;
  }

  @Override
  public long bytesRange(int i) {
    int at = first + 4 * i;
    touch(at, 8);
    int start = file.getInt(at);
    int end = file.getInt(at + 4);
    if (start < 0 || end < start || end > limit) {
      throw corrupt(
          i, "of the dictionary is at " + start + " to " + end + ", expected 0 to " + limit);
    }
    touch(second + start, end - start);
    return (long) (second + start) << 32 | (end - start);
  }
}
