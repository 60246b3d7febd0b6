package io.alexstore.table;

import io.alexstore.commit.DeletionVectors;
import io.alexstore.io.ParallelReads;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.row.Row;
import io.alexstore.schema.Schema;
import io.alexstore.segment.DeletionVector;
import io.alexstore.segment.Segment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Finds many keys: sorts the lookups by segment, then gives each segment its keys in groups, whose
 * probes it interleaves. For one call, one thread.
 */
final class BatchLookup {

  private static final int GROUP = 1024;

  private final List<SegmentEntry> segments;
  private final Schema schema;
  private final OpenSegments open;
  private final DeletionVectors deletions;
  // A lookup: the segment's place in the high half, the key's in the low half.
  private long[] lookups = new long[64];
  private int count;

  BatchLookup(Snapshot snapshot, OpenSegments open, DeletionVectors deletions) {
    this.segments = snapshot.segments();
    this.schema = snapshot.schema();
    this.open = open;
    this.deletions = deletions;
  }

  private void add(int segment, int key) {
    if (count == lookups.length) {
      lookups = Arrays.copyOf(lookups, count * 2);
    }
    lookups[count++] = (long) segment << 32 | key;
  }

  List<Optional<Row>> find(long[] keys, SegmentLocator locator) throws IOException {
    for (int i = 0; i < keys.length; i++) {
      int key = i;
      locator.locate(keys[i], place -> add(place, key));
    }
    return find(
        keys.length,
        (segment, from, to, positions) -> {
          long[] probes = new long[to - from];
          for (int i = from; i < to; i++) {
            probes[i - from] = keys[(int) lookups[i]];
          }
          segment.findAll(probes, 0, to - from, positions);
        });
  }

  List<Optional<Row>> find(byte[][] keys, SegmentLocator locator) throws IOException {
    for (int i = 0; i < keys.length; i++) {
      int key = i;
      locator.locate(keys[i], place -> add(place, key));
    }
    return find(
        keys.length,
        (segment, from, to, positions) -> {
          int[] offsets = new int[to - from + 1];
          for (int i = from; i < to; i++) {
            offsets[i - from + 1] = Math.addExact(offsets[i - from], keys[(int) lookups[i]].length);
          }
          byte[] probes = new byte[offsets[to - from]];
          for (int i = from; i < to; i++) {
            byte[] key = keys[(int) lookups[i]];
            System.arraycopy(key, 0, probes, offsets[i - from], key.length);
          }
          segment.findAll(probes, offsets, to - from, positions);
        });
  }

  private interface Finder {
    void find(Segment segment, int from, int to, int[] positions);
  }

  /** Some lookups in one segment. */
  private final class Batch {
    final int from;
    final int to;
    final int[] positions;
    Segment segment;

    Batch(int from, int to) {
      this.from = from;
      this.to = to;
      this.positions = new int[to - from];
    }

    void run(Finder finder) {
      SegmentEntry entry = segments.get((int) (lookups[from] >>> 32));
      DeletionVector deleted;
      try {
        segment = open.open(entry);
        deleted = deletions.of(entry);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      finder.find(segment, from, to, positions);
      if (!deleted.isEmpty()) {
        for (int i = 0; i < to - from; i++) {
          positions[i] = DeletionVectors.firstLive(segment, deleted, positions[i]);
        }
      }
      segment.prefetch(positions, to - from, null);
    }
  }

  private List<Optional<Row>> find(int keys, Finder finder) throws IOException {
    Arrays.sort(lookups, 0, count);
    List<Batch> batches = batches();
    try {
      if (!batches.isEmpty()) {
        batches.get(0).run(finder);
        if (batches.get(0).segment.isRemote()) {
          ParallelReads.forEach(batches.size() - 1, i -> batches.get(i + 1).run(finder));
        } else {
          batches.subList(1, batches.size()).forEach(batch -> batch.run(finder));
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    List<Optional<Row>> rows = new ArrayList<>(Collections.nCopies(keys, Optional.empty()));
    for (Batch batch : batches) {
      for (int i = batch.from; i < batch.to; i++) {
        int key = (int) lookups[i];
        int position = batch.positions[i - batch.from];
        if (position >= 0 && rows.get(key).isEmpty()) {
          rows.set(key, Optional.of(batch.segment.as(schema).row(position)));
        }
      }
    }
    return rows;
  }

  private List<Batch> batches() {
    List<Batch> batches = new ArrayList<>();
    int from = 0;
    while (from < count) {
      int to = from + 1;
      while (to < count && to - from < GROUP && lookups[to] >>> 32 == lookups[from] >>> 32) {
        to++;
      }
      batches.add(new Batch(from, to));
      from = to;
    }
    return batches;
  }
}
