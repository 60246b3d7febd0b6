package io.alexstore.store;

import io.alexstore.segment.Segment;

/**
 * Looks many keys up: group by group, of which each goes through the memtables and levels together,
 * so that the waits for memory overlap. For one thread, and one lookup.
 */
final class BatchLookup {

  /** How many keys go together. */
  static final int GROUP = 64;

  private final Memtable[] memtables;
  private final SegmentLevel[] levels;
  private final long sequence;
  private final BatchKeys keys;
  private final byte[][] values;

  // The keys of the group that were not found yet, and their hashes.
  private final int[] open = new int[GROUP];
  private final long[] hashes = new long[GROUP];
  private int openCount;

  // Those that one memtable or segment is asked for; where they stand in 'open'.
  private final int[] asked = new int[GROUP];
  private final int[] askedAt = new int[GROUP];
  private final boolean[] found = new boolean[GROUP];

  private final long[] records = new long[GROUP];
  private final int[] places = new int[GROUP];
  private final int[] positions = new int[GROUP];

  BatchLookup(Memtable[] memtables, SegmentLevel[] levels, long sequence, BatchKeys keys) {
    this.memtables = memtables;
    this.levels = levels;
    this.sequence = sequence;
    this.keys = keys;
    this.values = new byte[keys.count()][];
  }

  /** The keys' values, each in a fresh array; null for those that have none. */
  byte[][] run() {
    for (int from = 0; from < values.length; from += GROUP) {
      openCount = Math.min(GROUP, values.length - from);
      for (int i = 0; i < openCount; i++) {
        open[i] = from + i;
        hashes[i] = keys.hash(from + i);
      }
      for (int i = 0; i < memtables.length && openCount > 0; i++) {
        ask(memtables[i]);
      }
      for (int i = 0; i < levels.length && openCount > 0; i++) {
        ask(levels[i]);
      }
    }
    return values;
  }

  private void ask(Memtable memtable) {
    int count = 0;
    for (int i = 0; i < openCount; i++) {
      found[i] = false;
      if (memtable.mayHave(hashes[i])) {
        askedAt[count] = i;
        asked[count++] = open[i];
      }
    }
    if (count == 0) {
      return;
    }
    keys.newest(memtable, asked, count, records);
    for (int i = 0; i < count; i++) {
      records[i] = memtable.visible(records[i], sequence);
    }
    for (int i = 0; i < count; i++) {
      if (records[i] != Memtable.NONE) {
        found[askedAt[i]] = true; // Perhaps deleted; then there is no value, and no older one.
        values[asked[i]] = memtable.value(records[i]);
      }
    }
    closeFound();
  }

  private void ask(SegmentLevel level) {
    for (int i = 0; i < openCount; i++) {
      int place = keys.place(level, open[i]);
      places[i] = level.mayHave(place, hashes[i]) ? place : -1;
      found[i] = false;
    }
    for (int i = 0; i < openCount; i++) {
      if (places[i] >= 0) {
        ask(level, places[i], i);
      }
    }
    closeFound();
  }

  /** Asks one segment for all keys that it may have; {@code from} is the first of them. */
  private void ask(SegmentLevel level, int place, int from) {
    int count = 0;
    for (int i = from; i < openCount; i++) {
      if (places[i] == place) {
        askedAt[count] = i;
        asked[count++] = open[i];
        places[i] = -1;
      }
    }
    Segment segment = level.segment(place);
    keys.find(segment, asked, count, positions);
    for (int i = 0; i < count; i++) {
      if (positions[i] >= 0 && level.deleted(place).contains(positions[i])) {
        positions[i] = -1;
      }
    }
    // Sends for the values, side by side.
    segment.bytesRanges(SegmentLevel.VALUE_COLUMN, positions, count, records);
    for (int i = 0; i < count; i++) {
      if (positions[i] >= 0) {
        found[askedAt[i]] = true;
        values[asked[i]] = SegmentLevel.value(segment, positions[i]);
      }
    }
  }

  private void closeFound() {
    int left = 0;
    for (int i = 0; i < openCount; i++) {
      if (!found[i]) {
        open[left] = open[i];
        hashes[left++] = hashes[i];
      }
    }
    openCount = left;
  }
}
