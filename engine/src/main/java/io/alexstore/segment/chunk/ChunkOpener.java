package io.alexstore.segment.chunk;

import io.alexstore.bytes.BlockBytes;
import io.alexstore.error.CorruptFileException;
import io.alexstore.schema.PhysicalType;
import java.util.List;

/**
 * Checks that a directory entry fits its node, its children and its own length, so that a view need
 * not look twice, and makes the view.
 */
final class ChunkOpener {

  final String path;
  final BlockBytes file;
  final ChunkEntry entry;
  final NodeTree.Node node;
  final ChunkView[] children;
  final int count;
  final int nullCount;
  final int validity;
  final int first;
  final int second;

  ChunkOpener(
      String path, BlockBytes file, ChunkEntry entry, NodeTree.Node node, ChunkView[] children) {
    this.path = path;
    this.file = file;
    this.entry = entry;
    this.node = node;
    this.children = children;
    count = entry.count();
    nullCount = entry.nullCount();
    long end = (long) entry.offset() + entry.length();
    if (entry.offset() < 0 || entry.length() < 0 || end > file.size()) {
      throw corrupt("ends at " + end + ", but the file at " + file.size());
    }
    if (entry.data() < 0 || entry.data() > entry.length()) {
      throw corrupt("data at " + entry.data() + " of " + entry.length() + " bytes");
    }
    boolean hasBitmap = entry.hasValidity();
    if (nullCount < 0
        || nullCount > count
        || (!hasBitmap && nullCount != 0 && nullCount != count)) {
      throw corrupt(nullCount + " nulls of " + count + " values, with a bitmap: " + hasBitmap);
    }
    long bitmap = hasBitmap ? ChunkFormat.bitmapSize(count) : 0;
    checkFits(bitmap, entry.length(), "the validity bitmap");
    validity = hasBitmap ? entry.offset() : -1;
    first = entry.offset() + (int) bitmap;
    second = entry.offset() + entry.data();
  }

  /** The entries of a dictionary chunk, as a chunk of their own without nulls. */
  private ChunkOpener(ChunkOpener chunk, int start) {
    path = chunk.path;
    file = chunk.file;
    entry = chunk.entry;
    node = chunk.node;
    children = ChunkView.NO_CHILDREN;
    count = entry.dictionarySize();
    nullCount = 0;
    validity = -1;
    first = chunk.second;
    second = start;
  }

  static ChunkView open(
      String path, BlockBytes file, int directory, NodeTree.Node node, int count) {
    int at = Math.addExact(directory, Math.multiplyExact(node.index(), ChunkEntry.BYTES));
    ChunkEntry entry = ChunkEntry.read(path, file, at);
    if (count >= 0 && entry.count() != count) {
      throw new CorruptFileException(
          path,
          at,
          "chunk of '" + node.name() + "' has " + entry.count() + " values, expected " + count);
    }
    List<NodeTree.Node> parts = node.children();
    int partCount = node.physical() == PhysicalType.STRUCT ? entry.count() : -1;
    ChunkView[] children = parts.isEmpty() ? ChunkView.NO_CHILDREN : new ChunkView[parts.size()];
    for (int i = 0; i < children.length; i++) {
      children[i] = open(path, file, directory, parts.get(i), partCount);
    }
    return new ChunkOpener(path, file, entry, node, children).open();
  }

  ChunkView open() {
    checkChildren();
    PhysicalType type = node.physical();
    int encoding = entry.encoding();
    switch (encoding) {
      case ChunkFormat.NONE -> {
        if (type != PhysicalType.STRUCT && nullCount != count) {
          throw corrupt("no encoding, but " + (count - nullCount) + " values");
        }
        return new NoneView(this);
      }
      case ChunkFormat.PLAIN -> {
        if (type.width() > 0 && type != PhysicalType.BOOLEAN) {
          checkFits((long) count * type.width(), end() - first, "the values");
          return plain();
        }
      }
      case ChunkFormat.PACKED -> {
        if (type.isIntegral()) {
          checkPacked(count, end() - first);
          return new PackedView(this);
        }
      }
      case ChunkFormat.BYTES -> {
        if (type == PhysicalType.BYTES) {
          checkPacked(count + 1L, second - first);
          return new BytesView(this);
        }
      }
      case ChunkFormat.SYMBOLS -> {
        if (type == PhysicalType.BYTES) {
          checkPacked(count + 1L, second - first);
          checkSymbolTable(second);
          return new SymbolsView(this);
        }
      }
      case ChunkFormat.SYMBOL_DICTIONARY -> {
        if (type == PhysicalType.BYTES) {
          checkPacked(count, second - first);
          return new DictionaryView(this, dictionary());
        }
      }
      case ChunkFormat.SCALED -> {
        if (type == PhysicalType.FLOAT64) {
          checkPacked(count, end() - first);
          long scale = entry.slope();
          if (scale < 0 || scale > ChunkFormat.MAX_SCALE) {
            throw corrupt("doubles of scale " + scale + ", expected 0 to 18");
          }
          return new ScaledView(this);
        }
      }
      case ChunkFormat.DICTIONARY -> {
        if (!type.isNested()) {
          checkPacked(count, second - first);
          return new DictionaryView(this, dictionary());
        }
      }
      case ChunkFormat.OFFSETS -> {
        if (type == PhysicalType.LIST || type == PhysicalType.MAP) {
          checkPacked(count + 1L, end() - first);
          return new OffsetsView(this);
        }
      }
      default -> throw corrupt("unknown encoding " + encoding);
    }
    throw corrupt("encoding " + encoding + ", which does not fit its type " + type);
  }

  private ChunkView plain() {
    return switch (node.physical()) {
      case FLOAT32, FLOAT64 -> new PlainFloatView(this);
      case INT128 -> new PlainInt128View(this);
      default -> new PlainIntegerView(this);
    };
  }

  private ChunkView dictionary() {
    int size = entry.dictionarySize();
    if (node.physical() != PhysicalType.BYTES) {
      checkFits((long) size * node.physical().width(), end() - second, "the dictionary");
      return new ChunkOpener(this, 0).plain();
    }
    long offsets = ChunkFormat.pad(4L * (size + 1L));
    checkFits(offsets, end() - second, "the dictionary's offsets");
    int start = second + (int) offsets;
    if (entry.encoding() == ChunkFormat.DICTIONARY) {
      return new BytesEntriesView(new ChunkOpener(this, start));
    }
    checkSymbolTable(start);
    return new SymbolEntriesView(new ChunkOpener(this, start));
  }

  /** Where the chunk ends in the file. */
  int end() {
    return entry.offset() + entry.length();
  }

  private void checkChildren() {
    int expected = node.children().size();
    if (children.length != expected) {
      throw new IllegalArgumentException(
          "'" + node.name() + "' has " + expected + " parts, not " + children.length);
    }
    boolean isStruct = node.physical() == PhysicalType.STRUCT;
    for (ChunkView child : children) {
      int values = isStruct ? count : children[0].count;
      if (child.count != values) {
        throw corrupt(
            "part '" + child.node.name() + "' has " + child.count + " values, not " + values);
      }
    }
  }

  private void checkSymbolTable(int at) {
    int symbols = entry.symbols();
    if (symbols < 0 || symbols > ChunkFormat.MAX_SYMBOLS) {
      throw corrupt(symbols + " symbols, expected 0 to 255");
    }
    checkFits(ChunkFormat.symbolTableSize(symbols), end() - at, "the symbol table");
  }

  private void checkPacked(long n, int room) {
    int width = entry.width();
    if (width < 0 || width > ChunkFormat.MAX_WIDTH) {
      throw corrupt("packed integers of " + width + " bits, expected 0 to 56");
    }
    checkFits(ChunkFormat.packedSize(n, width), room, "packed integers");
  }

  private void checkFits(long size, int room, String what) {
    if (size > room) {
      throw corrupt(what + " take " + size + " bytes, but there are " + room);
    }
  }

  private CorruptFileException corrupt(String what) {
    return new CorruptFileException(
        path, entry.offset(), "chunk of '" + node.name() + "': " + what);
  }
}
