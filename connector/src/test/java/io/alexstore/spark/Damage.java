package io.alexstore.spark;

import io.alexstore.bytes.BlockBytes;
import io.alexstore.io.FileStores;
import io.alexstore.segment.Segment;
import io.alexstore.segment.chunk.ChunkView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Damages segments that no reader has opened yet, so that a query fails if it reads what it need
 * not: a block that is touched is checked.
 */
final class Damage {

  private Damage() {}

  /** The segments of a table. */
  static List<Path> segments(Path table) throws IOException {
    try (Stream<Path> files = Files.walk(table)) {
      return files.filter(file -> file.toString().endsWith(".alexseg")).sorted().toList();
    }
  }

  /**
   * Damages all blocks that hold nothing but a column's values of one row group.
   *
   * @param path the column's name, then the names of a part of it: fields, {@code element}, {@code
   *     key}, {@code value}
   * @return the number of blocks
   */
  static int column(Path segment, int group, String... path) throws IOException {
    try (Segment open = Segment.open(FileStores.forPath(segment.toString()), segment.toString())) {
      ChunkView chunk = open.chunk(open.schema().indexOf(path[0]), group);
      for (int i = 1; i < path.length; i++) {
        chunk = part(chunk, path[i]);
      }
      int start = chunk.entry().offset();
      return blocks(segment, start, start + chunk.entry().length());
    }
  }

  /** Damages all blocks that hold nothing but values of a string column's rows. */
  static int values(Path segment, String column, int fromRow, int toRow) throws IOException {
    try (Segment open = Segment.open(FileStores.forPath(segment.toString()), segment.toString())) {
      int place = open.schema().indexOf(column);
      int start = (int) (open.bytesRange(place, fromRow) >>> 32);
      int end = (int) (open.bytesRange(place, toRow) >>> 32);
      return blocks(segment, start, end);
    }
  }

  private static ChunkView part(ChunkView chunk, String name) {
    for (int i = 0; i < chunk.childCount(); i++) {
      if (chunk.child(i).node().name().endsWith("." + name)) {
        return chunk.child(i);
      }
    }
    throw new IllegalArgumentException(chunk.node().name() + " has no part " + name);
  }

  private static int blocks(Path segment, int start, int end) throws IOException {
    int first = (start + BlockBytes.BLOCK_SIZE - 1) >>> BlockBytes.BLOCK_SHIFT;
    int last = end >>> BlockBytes.BLOCK_SHIFT;
    try (FileChannel file =
        FileChannel.open(segment, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      for (int block = first; block < last; block++) {
        long at = ((long) block << BlockBytes.BLOCK_SHIFT) + 100;
        ByteBuffer one = ByteBuffer.allocate(1);
        file.read(one, at);
        one.put(0, (byte) ~one.get(0));
        file.write(one.rewind(), at);
      }
    }
    return Math.max(0, last - first);
  }
}
