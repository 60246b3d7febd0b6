package io.alexstore.store;

import io.alexstore.alex.AlexBytesCursor;
import io.alexstore.segment.Segment;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Records by keys of bytes, ascending. Not thread-safe. */
abstract class BytesSource implements StoreSource {

  // The last key; null for no bound.
  private final byte[] to;
  byte[] key;

  private BytesSource(byte[] to) {
    this.to = to;
  }

  final byte[] key() {
    return key;
  }

  final boolean isWithin(byte[] next) {
    return to == null || Arrays.compareUnsigned(next, to) <= 0;
  }

  /** The records of a memtable, as of a sequence. */
  static final class OfMemtable extends BytesSource {
    private final Memtable memtable;
    private final AlexBytesCursor cursor;
    private final long sequence;
    private long record;

    OfMemtable(Memtable memtable, byte[] from, byte[] to, long sequence) {
      super(to);
      this.memtable = memtable;
      this.cursor = memtable.bytesCursor(from);
      this.sequence = sequence;
    }

    @Override
    public boolean next() {
      while (cursor.next()) {
        long position = memtable.visible(cursor.value(), sequence);
        if (position != Memtable.NONE) {
          key = cursor.key();
          record = position;
          return isWithin(key);
        }
      }
      return false;
    }

    @Override
    public boolean isDelete() {
      return memtable.isDelete(record);
    }

    @Override
    public byte[] value() {
      return memtable.value(record);
    }

    @Override
    public ByteBuffer valueSlice() {
      return memtable.slice(record);
    }
  }

  /** The rows of a level of segments. */
  static final class OfLevel extends BytesSource {
    private final SegmentLevel level;
    private int place;
    private int position;

    OfLevel(SegmentLevel level, byte[] from, byte[] to) {
      super(to);
      this.level = level;
      this.place = Math.max(0, level.place(from));
      this.position = level.segment(place).lowerBound(from, 0, from.length) - 1;
    }

    @Override
    public boolean next() {
      while (place < level.size()) {
        Segment segment = level.segment(place);
        position = level.deleted(place).nextLive(position + 1);
        if (position < segment.rowCount()) {
          key = segment.keyBytes(position);
          return isWithin(key);
        }
        place++;
        position = -1;
      }
      return false;
    }

    @Override
    public boolean isDelete() {
      return false;
    }

    @Override
    public byte[] value() {
      return SegmentLevel.value(level.segment(place), position);
    }

    @Override
    public ByteBuffer valueSlice() {
      return SegmentLevel.slice(level.segment(place), position);
    }
  }
}
