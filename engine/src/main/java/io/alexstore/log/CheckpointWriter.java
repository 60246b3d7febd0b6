package io.alexstore.log;

import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaJson;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes the bytes of checkpoints; the same snapshot gives the same bytes. */
final class CheckpointWriter {

  private final CheckpointOutput out = new CheckpointOutput();
  private int blockStart;

  private CheckpointWriter() {}

  /** The whole file for a snapshot. O(n), in memory. */
  static byte[] format(Snapshot snapshot) {
    CheckpointWriter writer = new CheckpointWriter();
    writer.write(snapshot);
    return writer.out.toByteArray();
  }

  private void write(Snapshot snapshot) {
    out.u64(CheckpointFormat.MAGIC);
    out.u32(CheckpointFormat.VERSION);
    writeHead(snapshot);
    writeSegments(snapshot);
    out.u64((long) out.position() + CheckpointFormat.FOOTER_BYTES);
    out.u32(out.checksum(0));
    out.u32(CheckpointFormat.END);
  }

  private void beginBlock(int kind) {
    blockStart = out.position();
    out.u32(kind);
    out.u32(0);
  }

  private int payload() {
    return out.position() - blockStart - CheckpointFormat.BLOCK_HEADER_BYTES;
  }

  private void endBlock() {
    out.setU32(blockStart + 4, payload());
    out.u32(out.checksum(blockStart));
  }

  private void writeHead(Snapshot snapshot) {
    LogEntry newest = snapshot.newestEntry();
    beginBlock(CheckpointFormat.HEAD_BLOCK);
    writeStrings(newest.readerFeatures());
    writeStrings(newest.writerFeatures());
    out.uuid(newest.tableId());
    out.varint(newest.version());
    out.uuid(newest.commitId());
    out.u64(newest.timestampMs());
    out.string(newest.operation());
    out.map(newest.summary());
    out.string(newest.writer());
    out.varint(newest.expiredBefore());
    out.varint(snapshot.schema().id());
    out.varint(snapshot.schemas().size());
    for (Schema schema : new TreeMap<>(snapshot.schemas()).values()) {
      out.string(SchemaJson.toText(schema));
    }
    out.map(snapshot.properties());
    out.varint(snapshot.sequences().size());
    for (Map.Entry<String, Long> e : new TreeMap<>(snapshot.sequences()).entrySet()) {
      out.string(e.getKey());
      out.u64(e.getValue());
    }
    out.varint(snapshot.segments().size());
    if (newest.owner().isPresent()) {
      out.string(newest.owner().get());
    }
    endBlock();
  }

  private void writeStrings(List<String> strings) {
    out.varint(strings.size());
    strings.forEach(out::string);
  }

  private void writeSegments(Snapshot snapshot) {
    byte[] before = null;
    for (SegmentEntry segment : snapshot.segments()) {
      if (before == null) {
        beginBlock(CheckpointFormat.SEGMENTS_BLOCK);
        before = new byte[0];
      }
      write(segment, before);
      before = segment.minKey();
      if (payload() >= CheckpointFormat.BLOCK_BYTES) {
        endBlock();
        before = null;
      }
    }
    if (before != null) {
      endBlock();
    }
  }

  private void write(SegmentEntry segment, byte[] keyBefore) {
    Deletions deletions = segment.deletions();
    boolean vectorPath = deletions.path() != null;
    out.u8(
        (segment.hasUsualPath() ? 0 : CheckpointFormat.PATH_FLAG)
            | (deletions.isEmpty() || vectorPath ? 0 : CheckpointFormat.INLINE_FLAG)
            | (vectorPath ? CheckpointFormat.VECTOR_PATH_FLAG : 0));
    out.uuid(segment.id());
    if (!segment.hasUsualPath()) {
      out.string(segment.path());
    }
    out.varint(segment.schemaId());
    out.varint(segment.rows());
    out.varint(segment.bytes());
    out.varint(segment.addedIn());
    writeKey(segment.minKey(), keyBefore);
    writeKey(segment.maxKey(), segment.minKey());
    if (!deletions.isEmpty()) {
      out.varint(deletions.rows());
      out.varint(deletions.bytes());
      if (vectorPath) {
        out.string(deletions.path());
      } else {
        out.bytes(deletions.inline(), 0);
      }
    }
  }

  private void writeKey(byte[] key, byte[] before) {
    int shared = Arrays.mismatch(key, before);
    shared = shared < 0 ? key.length : shared;
    out.varint(shared);
    out.varint(key.length - shared);
    out.bytes(key, shared);
  }
}
