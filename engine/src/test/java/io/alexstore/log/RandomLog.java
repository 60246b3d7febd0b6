package io.alexstore.log;

import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.schema.SchemaReplacement;
import io.alexstore.segment.DeletionVector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/** Makes random commits of every kind, without segment files. */
final class RandomLog {

  private static final int ROWS = 50;

  private final Random random;
  private long sequence;

  RandomLog(Random random) {
    this.random = random;
  }

  SnapshotEdit creation() {
    return SnapshotEdit.create(LogEntryTest.schema(), Map.of("a", "b"), List.of());
  }

  /** Creates a table and makes versions of it up to one. */
  Snapshot write(TableLog log, int version) throws Exception {
    Snapshot s = log.create(new UUID(random.nextLong(), random.nextLong()), creation());
    while (s.version() < version) {
      s = log.publish(s, edit(s));
    }
    return s;
  }

  SegmentEntry segment(int schemaId) {
    UUID id = new UUID(random.nextLong(), random.nextLong());
    byte[] a = key();
    byte[] b = key();
    boolean ordered = Arrays.compareUnsigned(a, b) <= 0;
    String path = random.nextInt(4) == 0 ? "data/" + id : null;
    return new SegmentEntry(
        id, path, schemaId, ROWS, random.nextInt(1 << 20), ordered ? a : b, ordered ? b : a, 0);
  }

  private byte[] key() {
    byte[] key = new byte[random.nextInt(12)];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (random.nextInt(3) * 127);
    }
    return key;
  }

  SnapshotEdit edit(Snapshot base) {
    if (random.nextInt(25) == 0) {
      return SnapshotEdit.expire(random.nextInt((int) base.version() / 4 + 1));
    }
    List<SegmentEntry> present = new ArrayList<>(base.segments());
    List<SegmentEntry> added = new ArrayList<>();
    List<UUID> removed = new ArrayList<>();
    Map<UUID, Deletions> deletions = new HashMap<>();
    Optional<Schema> schema = Optional.empty();
    if (random.nextInt(8) == 0) {
      schema = Optional.of(changed(base));
    }
    int schemaId = schema.orElse(base.schema()).id();
    for (int i = random.nextInt(6); i > 0; i--) {
      added.add(segment(schemaId));
    }
    boolean all = random.nextInt(12) == 0;
    for (SegmentEntry segment : present) {
      if (all || random.nextInt(10) == 0) {
        removed.add(segment.id());
        if (random.nextInt(8) == 0) {
          added.add(again(segment, schemaId));
        }
      } else if (random.nextInt(8) == 0 && segment.deletedRows() < ROWS - 2) {
        deletions.put(segment.id(), more(segment));
      }
    }
    Optional<Map<String, String>> properties =
        random.nextInt(8) == 0
            ? Optional.of(Map.of("n", Integer.toString(random.nextInt(9)), "é", "ü"))
            : Optional.empty();
    Optional<CommitSource> source =
        random.nextInt(3) == 0
            ? Optional.of(new CommitSource("w" + random.nextInt(3), sequence++))
            : Optional.empty();
    return SnapshotEdit.of(Operation.MERGE, schema, properties, added, removed)
        .withDeletions(deletions, deletions.size())
        .withSource(source);
  }

  /** A segment of the same id, which is odd, with other keys. */
  private SegmentEntry again(SegmentEntry segment, int schemaId) {
    SegmentEntry other = segment(schemaId);
    return new SegmentEntry(
        segment.id(), null, schemaId, ROWS, 1, other.minKey(), other.maxKey(), 0);
  }

  private Deletions more(SegmentEntry segment) {
    int rows = (int) segment.deletedRows() + 1;
    return random.nextBoolean()
        ? Deletions.inline(DeletionVector.ofRange(0, rows))
        : Deletions.file(rows, "data/" + segment.id() + "-" + rows + ".alexdv", 3000);
  }

  private Schema changed(Snapshot base) {
    Schema fresh =
        new SchemaBuilder()
            .column("id", ScalarType.LONG)
            .column("n" + random.nextInt(1000), ScalarType.INT)
            .primaryKey("id")
            .build();
    return SchemaReplacement.of(base.schema(), fresh, base.schemas().size());
  }
}
