package io.alexstore.segment;

import io.alexstore.bytes.BlockBytes;
import io.alexstore.io.FileOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Writes a segment's body and sums its blocks as they go out. Not thread-safe. */
final class SegmentOutput {
  private static final byte[] ZEROS = new byte[SegmentFormat.ALIGNMENT];

  private final FileOutput output;
  private final CRC32C crc = new CRC32C();
  private int[] sums = new int[64];
  private int blocks;
  private int inBlock;

  SegmentOutput(FileOutput output) {
    this.output = output;
  }

  long position() {
    return output.position();
  }

  /** The bytes of heap that the sums take. */
  long heapBytes() {
    return 4L * sums.length;
  }

  /** Appends the buffer's remaining bytes. */
  void write(ByteBuffer bytes) throws IOException {
    if (bytes.remaining() > SegmentFormat.MAX_FILE_SIZE - position()) {
      throw new IOException(
          "Cannot write " + output.path() + ": it would become larger than 2 GiB");
    }
    ByteBuffer rest = bytes.duplicate();
    int end = rest.limit();
    while (rest.position() < end) {
      int step = Math.min(end - rest.position(), BlockBytes.BLOCK_SIZE - inBlock);
      crc.update(rest.limit(rest.position() + step));
      inBlock += step;
      if (inBlock == BlockBytes.BLOCK_SIZE) {
        endBlock();
      }
    }
    output.write(bytes);
  }

  private void endBlock() {
    if (blocks == sums.length) {
      sums = Arrays.copyOf(sums, blocks * 2);
    }
    sums[blocks++] = (int) crc.getValue();
    crc.reset();
    inBlock = 0;
  }

  /** Fills up with zeros to the next multiple of 8. */
  void align() throws IOException {
    int gap = (int) (SegmentFormat.align(position()) - position());
    if (gap > 0) {
      write(ByteBuffer.wrap(ZEROS, 0, gap));
    }
  }

  /** Ends the body and gives the sums of its blocks, padded to a multiple of 8 bytes. */
  ByteBuffer endBody() throws IOException {
    align();
    if (inBlock > 0) {
      endBlock();
    }
    ByteBuffer array =
        ByteBuffer.allocate((int) SegmentFormat.align(4L * blocks)).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < blocks; i++) {
      array.putInt(4 * i, sums[i]);
    }
    return array;
  }

  int blocks() {
    return blocks;
  }
}
