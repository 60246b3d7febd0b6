package io.alexstore.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.alexstore.error.CorruptFileException;
import io.alexstore.error.UnsupportedFormatException;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaJson;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/** Makes a snapshot of a checkpoint's bytes. For one file, one thread. */
final class CheckpointReader {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final byte[] NO_KEY = new byte[0];

  private final String table;
  private final String path;
  private final byte[] file;
  private final ByteBuffer bytes;
  private final Map<Integer, Schema> schemas = new HashMap<>();
  private final Map<String, Long> sequences = new HashMap<>();
  private final List<SegmentEntry> segments = new ArrayList<>();
  private LogEntry head;
  private Schema schema;
  private Map<String, String> properties;
  private int segmentCount;

  private CheckpointReader(String table, String path, byte[] file) {
    this.table = table;
    this.path = path;
    this.file = file;
    this.bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * The snapshot that a checkpoint holds; O(n log n).
   *
   * @param version the version that the file's name says
   * @throws CorruptFileException if it is no checkpoint, was truncated, or is damaged
   * @throws UnsupportedFormatException if it is sound, but needs a newer release
   */
  static Snapshot parse(String table, String path, long version, byte[] file) {
    CheckpointReader reader = new CheckpointReader(table, path, file);
    try {
      reader.checkFrame();
      reader.readBlocks();
      return reader.snapshot(version);
    } catch (IllegalArgumentException e) {
      throw new CorruptFileException(path, -1, "a field cannot be: " + e.getMessage());
    }
  }

  private CorruptFileException corrupt(int offset, String what) {
    return new CorruptFileException(path, offset, what);
  }

  private int checksum(int from, int to) {
    CRC32C crc = new CRC32C();
    crc.update(file, from, to - from);
    return (int) crc.getValue();
  }

  private void checkFrame() {
    if (file.length < CheckpointFormat.HEADER_BYTES + CheckpointFormat.FOOTER_BYTES) {
      throw corrupt(0, "truncated: it has " + file.length + " bytes, too few for a checkpoint");
    }
    if (bytes.getLong(0) != CheckpointFormat.MAGIC) {
      throw corrupt(0, "not a checkpoint: it does not start with 'ALEXCKPT'");
    }
    int footer = file.length - CheckpointFormat.FOOTER_BYTES;
    if (bytes.getInt(footer + 12) != CheckpointFormat.END) {
      throw corrupt(footer + 12, "truncated: it does not end with 'CKPT'");
    }
    if (bytes.getLong(footer) != file.length) {
      throw corrupt(footer, "it has " + file.length + " bytes and says " + bytes.getLong(footer));
    }
    if (bytes.getInt(footer + 8) != checksum(0, footer + 8)) {
      throw corrupt(footer + 8, "its checksum is wrong");
    }
    int version = bytes.getInt(8);
    if (version != CheckpointFormat.VERSION) {
      throw new UnsupportedFormatException(
          path,
          "it has checkpoint format "
              + version
              + ", and this release reads format "
              + CheckpointFormat.VERSION);
    }
  }

  private void readBlocks() {
    int end = file.length - CheckpointFormat.FOOTER_BYTES;
    int at = CheckpointFormat.HEADER_BYTES;
    while (at < end) {
      int rest = end - at - CheckpointFormat.BLOCK_HEADER_BYTES - 4;
      int length = rest < 0 ? 0 : bytes.getInt(at + 4);
      if (length < 0 || length > rest) {
        throw corrupt(at, "a block of " + length + " bytes does not end before the footer");
      }
      int from = at + CheckpointFormat.BLOCK_HEADER_BYTES;
      if (bytes.getInt(from + length) != checksum(at, from + length)) {
        throw corrupt(at, "the block's checksum is wrong");
      }
      readBlock(at, bytes.getInt(at), new CheckpointInput(path, file, from, length));
      at = from + length + 4;
    }
  }

  private void readBlock(int at, int kind, CheckpointInput in) {
    if (kind == CheckpointFormat.HEAD_BLOCK) {
      if (head != null) {
        throw corrupt(at, "a second block of kind 1");
      }
      readHead(in);
    } else if (kind == CheckpointFormat.SEGMENTS_BLOCK) {
      if (head == null) {
        throw corrupt(at, "segments before the block of kind 1");
      }
      readSegments(in);
    }
  }

  private void readHead(CheckpointInput in) {
    List<String> readerFeatures = in.strings();
    // First of all: with a feature that is not known, nothing else need look as expected.
    LogFormat.checkFeatures(path, readerFeatures, LogFormat.READER_FEATURES, "read");
    List<String> writerFeatures = in.strings();
    UUID tableId = in.uuid();
    long version = in.varint();
    UUID commitId = in.uuid();
    long timestampMs = in.i64();
    String operation = in.string();
    Map<String, String> summary = in.map();
    String writer = in.string();
    long expiredBefore = in.varint();
    LogEntry entry =
        new LogEntry(
            tableId,
            version,
            Optional.empty(),
            commitId,
            timestampMs,
            operation,
            summary,
            writer,
            Optional.empty(),
            Optional.empty(),
            readerFeatures,
            writerFeatures,
            List.of(),
            List.of(),
            Map.of(),
            Optional.empty(),
            expiredBefore,
            Optional.empty());
    int current = in.smallVarint();
    for (int left = in.smallVarint(); left > 0; left--) {
      Schema next = schema(in.position(), in.string());
      schemas.put(next.id(), next);
    }
    schema = schemas.get(current);
    if (schema == null) {
      throw corrupt(in.position(), "its current schema, " + current + ", is missing");
    }
    properties = in.map();
    for (int left = in.smallVarint(); left > 0; left--) {
      sequences.put(in.string(), in.i64());
    }
    segmentCount = in.smallVarint();
    boolean isOwned = writerFeatures.contains(LogFormat.OWNER);
    head = isOwned ? entry.ownedBy(Optional.of(in.string())) : entry;
    // What a later release adds to the block stands behind.
  }

  private Schema schema(int offset, String text) {
    try {
      return SchemaJson.fromJson(JSON.readTree(text), path);
    } catch (JsonProcessingException e) {
      throw corrupt(offset, "a schema is not valid JSON: " + e.getOriginalMessage());
    }
  }

  private void readSegments(CheckpointInput in) {
    byte[] before = NO_KEY;
    while (!in.isAtEnd()) {
      int offset = in.position();
      SegmentEntry segment = readSegment(in, before);
      before = segment.minKey();
      if (!segments.isEmpty()
          && SegmentTree.BY_KEY.compare(segments.get(segments.size() - 1), segment) >= 0) {
        throw corrupt(offset, "segment " + segment.id() + " is out of order");
      }
      if (!schemas.containsKey(segment.schemaId()) || segment.addedIn() > head.version()) {
        throw corrupt(
            offset,
            "segment "
                + segment.id()
                + " of version "
                + segment.addedIn()
                + " with the schema "
                + segment.schemaId()
                + ", which the table does not have");
      }
      segments.add(segment);
    }
  }

  private SegmentEntry readSegment(CheckpointInput in, byte[] keyBefore) {
    int flags = in.u8();
    int known =
        CheckpointFormat.PATH_FLAG
            | CheckpointFormat.INLINE_FLAG
            | CheckpointFormat.VECTOR_PATH_FLAG;
    if ((flags & ~known) != 0) {
      throw corrupt(in.position() - 1, "a segment has the unknown flags " + flags);
    }
    UUID id = in.uuid();
    String file = (flags & CheckpointFormat.PATH_FLAG) == 0 ? null : in.string();
    int schemaId = in.smallVarint();
    long rows = in.varint();
    long size = in.varint();
    long addedIn = in.varint();
    byte[] minKey = key(in, keyBefore);
    byte[] maxKey = key(in, minKey);
    return new SegmentEntry(
        id, file, schemaId, rows, size, minKey, maxKey, addedIn, deletions(in, flags));
  }

  private static byte[] key(CheckpointInput in, byte[] before) {
    int shared = in.smallVarint();
    return in.bytes(before, shared, in.smallVarint());
  }

  private static Deletions deletions(CheckpointInput in, int flags) {
    boolean vectorPath = (flags & CheckpointFormat.VECTOR_PATH_FLAG) != 0;
    if (!vectorPath && (flags & CheckpointFormat.INLINE_FLAG) == 0) {
      return Deletions.NONE;
    }
    long rows = in.varint();
    int size = in.smallVarint();
    return vectorPath
        ? Deletions.file(rows, in.string(), size)
        : new Deletions(rows, in.bytes(NO_KEY, 0, size), null, size);
  }

  private Snapshot snapshot(long version) {
    if (head == null) {
      throw corrupt(-1, "it has no block of kind 1");
    }
    if (head.version() != version) {
      throw corrupt(-1, "it says version " + head.version() + ", its name says " + version);
    }
    if (segments.size() != segmentCount) {
      throw corrupt(-1, "it has " + segments.size() + " segments and says " + segmentCount);
    }
    SegmentEntry[] sorted = segments.toArray(SegmentEntry[]::new);
    SegmentTree byKey = SegmentTree.ofSorted(SegmentTree.BY_KEY, sorted);
    SegmentTree.sortById(sorted);
    for (int i = 1; i < sorted.length; i++) {
      if (sorted[i - 1].id().equals(sorted[i].id())) {
        throw corrupt(-1, "it has segment " + sorted[i].id() + " twice");
      }
    }
    SegmentTree byId = SegmentTree.ofSorted(SegmentTree.BY_ID, sorted);
    return new Snapshot(table, head, schemas, schema, properties, byKey, byId, sequences, 0);
  }
}
