package io.alexstore.segment.chunk;

/** Strings and binary as codes of a symbol table: linear offsets, the table, then the codes. */
final class SymbolsView extends LinearBase {

  private final SymbolDecoder decoder;
  private final int codes;
  private final int limit;

  SymbolsView(ChunkOpener opener) {
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
    long offsets = offsets(i, limit);
    return decoder.value(i, codes + (int) (offsets >>> 32), codes + (int) offsets);
  }

  @Override
  public int copyBytes(int i, byte[] target, int at) {
    long offsets = offsets(i, limit);
    return decoder.copy(i, codes + (int) (offsets >>> 32), codes + (int) offsets, target, at);
  }
}
