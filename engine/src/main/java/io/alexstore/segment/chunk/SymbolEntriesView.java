package io.alexstore.segment.chunk;

/**
 * The entries of a dictionary of strings or binary as codes of a symbol table: 32-bit offsets, the
 * table, then the codes.
 */
final class SymbolEntriesView extends ChunkView {

  private final SymbolDecoder decoder;
  private final int codes;
  private final int limit;

  SymbolEntriesView(ChunkOpener opener) {
    super(opener);
    decoder = new SymbolDecoder(this, second);
    codes = second + (int) ChunkFormat.symbolTableSize(entry.symbols());
    limit = opener.end() - codes;
  }

  @Override
  public boolean isInPlace() {
    return false;
  }

  @Override
  public long bytesRange(int i) {
    return COMPRESSED;
  }

  @Override
  public byte[] getBytes(int i) {
    long offsets = offsets(i);
    return decoder.value(i, codes + (int) (offsets >>> 32), codes + (int) offsets);
  }

  @Override
  public int copyBytes(int i, byte[] target, int at) {
    long offsets = offsets(i);
    return decoder.copy(i, codes + (int) (offsets >>> 32), codes + (int) offsets, target, at);
  }

  private long offsets(int i) {
    int at = first + 4 * i;
    touch(at, 8);
    int start = file.getInt(at);
    int end = file.getInt(at + 4);
    if (start < 0 || end < start || end > limit) {
      throw corrupt(
          i, "of the dictionary is at " + start + " to " + end + ", expected 0 to " + limit);
    }
    return (long) start << 32 | end;
  }
}
