package io.alexstore.maintain;

import io.alexstore.bytes.BlockBytes;
import io.alexstore.error.CorruptFileException;
import io.alexstore.io.FileStore;
import io.alexstore.key.KeyForm;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.schema.Column;
import io.alexstore.segment.Segment;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;

/** Checks one segment by itself, and against what the log says of it. For one use. */
final class SegmentVerifier {

  /** How many bytes are asked for at once. */
  private static final int RUN_BYTES = 1 << 20;

  /** Keys that are looked up together. */
  private static final int BATCH = 1024;

  private final FileStore store;
  private final Snapshot snapshot;
  private final SegmentEntry entry;
  private final Findings findings;
  private final String path;
  private boolean keysAreSound = true;

  SegmentVerifier(FileStore store, Snapshot snapshot, SegmentEntry entry, Findings findings) {
    this.store = store;
    this.snapshot = snapshot;
    this.entry = entry;
    this.findings = findings;
    this.path = entry.pathIn(snapshot.table());
  }

  /** Checks it; false if its keys are not what they should be. */
  boolean verify() {
    boolean[] isOpened = {false};
    findings.guard(
        path,
        "file",
        () -> {
          try (Segment segment = open()) {
            isOpened[0] = true;
            verify(segment);
          }
        });
    return isOpened[0] && keysAreSound;
  }

  private Segment open() throws IOException {
    try {
      return Segment.open(store, path); // Not one that is open: its blocks count as checked.
    } catch (NoSuchFileException e) {
      throw new CorruptFileException(path, -1, "the file is missing, though the log names it");
    }
  }

  private void verify(Segment segment) {
    metadata(segment);
    checksums(segment);
    int before = findings.list().size();
    findings.guard(path, "keys", () -> keys(segment));
    findings.guard(path, "index", () -> index(segment));
    keysAreSound = findings.list().size() == before;
    values(segment);
  }

  private void expect(String check, String what, Object expected, Object found) {
    if (!expected.equals(found)) {
      findings.add(path, check, what + " is " + found + ", and the log says " + expected);
    }
  }

  private void metadata(Segment segment) {
    expect("metadata", "the segment's id", entry.id(), segment.segmentId());
    expect("metadata", "the table", snapshot.tableId(), segment.tableId());
    expect("metadata", "the number of rows", entry.rows(), (long) segment.rowCount());
    expect("metadata", "the size of the file", entry.bytes(), (long) segment.fileSize());
    expect(
        "metadata",
        "the schema",
        snapshot.schema(entry.schemaId()).orElseThrow().columns(),
        segment.schema().columns());
    findings.guard(path, "metadata", () -> segment.as(snapshot.schema()));
    findings.guard(path, "statistics", segment::statistics);
  }

  /** Touches every block; damaged ones that follow each other are one finding. */
  private void checksums(Segment segment) {
    BlockBytes body = segment.bytes();
    int damagedFrom = -1;
    for (long from = 0; from < body.size(); from += RUN_BYTES) {
      int run = (int) Math.min(RUN_BYTES, body.size() - from);
      if (isSound(body, (int) from, run)) {
        damagedFrom = endDamage(damagedFrom, (int) from);
        continue;
      }
      for (int at = (int) from; at < from + run; at += BlockBytes.BLOCK_SIZE) {
        int length = (int) Math.min(BlockBytes.BLOCK_SIZE, from + run - at);
        if (isSound(body, at, length)) {
          damagedFrom = endDamage(damagedFrom, at);
        } else if (damagedFrom < 0) {
          damagedFrom = at;
        }
        if (at > Integer.MAX_VALUE - BlockBytes.BLOCK_SIZE) {
          break;
        }
      }
    }
    endDamage(damagedFrom, body.size());
  }

  private static boolean isSound(BlockBytes body, int from, int length) {
    try {
      body.touch(from, length);
      return true;
    } catch (CorruptFileException e) {
      return false;
    }
  }

  private int endDamage(int from, int to) {
    if (from >= 0) {
      findings.add(
          path, "checksum", "the bytes " + from + " to " + (to - 1) + " do not match theirs");
    }
    return -1;
  }

  private void keys(Segment segment) {
    boolean isUnique = segment.keyCodec().isUnique();
    int last = segment.rowCount() - 1;
    if (!Arrays.equals(segment.keyBytes(0), entry.minKey())
        || !Arrays.equals(segment.keyBytes(last), entry.maxKey())) {
      findings.add(
          path,
          "keys",
          "its keys go from "
              + key(segment, 0)
              + " to "
              + key(segment, last)
              + ", which is not what the log says");
    }
    byte[] before = null;
    for (int row = 0; row <= last; row++) {
      int order;
      if (segment.keyForm() == KeyForm.LONG) {
        order = row == 0 ? -1 : Long.compare(segment.longKey(row - 1), segment.longKey(row));
      } else {
        byte[] key = segment.keyBytes(row);
        order = row == 0 ? -1 : Arrays.compareUnsigned(before, key);
        before = key;
      }
      if (order > 0 || (order == 0 && isUnique)) {
        findings.add(
            path,
            "keys",
            "the key "
                + key(segment, row)
                + " at position "
                + row
                + (order == 0 ? " is that of the row before it" : " is before the row before it"));
      }
    }
  }

  private String key(Segment segment, int row) {
    return TableVerifier.key(segment.keyCodec(), segment, row);
  }

  /** Looks every key up: it must be found where its first row stands. */
  private void index(Segment segment) {
    boolean isLong = segment.keyForm() == KeyForm.LONG;
    int[] found = new int[BATCH];
    long[] longs = new long[BATCH];
    int[] offsets = new int[BATCH + 1];
    int expected = 0;
    for (int from = 0; from < segment.rowCount(); from += BATCH) {
      int count = Math.min(BATCH, segment.rowCount() - from);
      if (isLong) {
        for (int i = 0; i < count; i++) {
          longs[i] = segment.longKey(from + i);
        }
        segment.findAll(longs, 0, count, found);
      } else {
        segment.findAll(keys(segment, from, count, offsets), offsets, count, found);
      }
      for (int i = 0; i < count; i++) {
        int row = from + i;
        expected = row > 0 && isSameKey(segment, row - 1, row) ? expected : row;
        if (found[i] != expected) {
          findings.add(
              path,
              "index",
              "it finds the key "
                  + key(segment, row)
                  + " of position "
                  + expected
                  + (found[i] < 0 ? " nowhere" : " at position " + found[i]));
        }
      }
    }
  }

  private static byte[] keys(Segment segment, int from, int count, int[] offsets) {
    byte[][] keys = new byte[count][];
    for (int i = 0; i < count; i++) {
      keys[i] = segment.keyBytes(from + i);
      offsets[i + 1] = offsets[i] + keys[i].length;
    }
    byte[] all = new byte[offsets[count]];
    for (int i = 0; i < count; i++) {
      System.arraycopy(keys[i], 0, all, offsets[i], keys[i].length);
    }
    return all;
  }

  private static boolean isSameKey(Segment segment, int a, int b) {
    return segment.keyForm() == KeyForm.LONG
        ? segment.longKey(a) == segment.longKey(b)
        : Arrays.equals(segment.keyBytes(a), segment.keyBytes(b));
  }

  private void values(Segment segment) {
    List<Column> columns = segment.schema().columns();
    for (int column = 0; column < columns.size(); column++) {
      if (segment.nodes().nodeOf(column) < 0) {
        continue;
      }
      for (int group = 0; group < segment.rowGroupCount(); group++) {
        int c = column;
        int g = group;
        findings.guard(
            path, "values", () -> new ChunkVerifier(path, g, findings).verify(segment.chunk(c, g)));
      }
    }
  }
}
