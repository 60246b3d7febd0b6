package io.alexstore.store;

import io.alexstore.alex.AlexLongCursor;
import io.alexstore.segment.Segment;
import java.nio.ByteBuffer;

/** Records by 64-bit keys, ascending. Not thread-safe. */
abstract class LongSource implements StoreSource {

  final long to;
  long key;

  private LongSource(long to) {
    this.to = to;
  }

  final long key() {
    return key;
  }

  /** The records of a memtable, as of a sequence. */
  static final class OfMemtable extends LongSource {
    private final Memtable memtable;
    private final AlexLongCursor cursor;
    private final long sequence;
    private long record;

    OfMemtable(Memtable memtable, long from, long to, long sequence) {
      super(to);
      this.memtable = memtable;
      this.cursor = memtable.longCursor(from);
      this.sequence = sequence;
    }

    @Override
    public boolean next() {
      while (cursor.next() && cursor.key() <= to) {
        long position = memtable.visible(cursor.value(), sequence);
        if (position != Memtable.NONE) {
          key = cursor.key();
          record = position;
          return true;
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
  static final class OfLevel extends LongSource {
    private final SegmentLevel level;
    private int place;
    private int position;

    OfLevel(SegmentLevel level, long from, long to) {
      super(to);
      this.level = level;
      this.place = Math.max(0, level.place(from));
      this.position = level.segment(place).lowerBound(from) - 1;
    }

    @Override
    public boolean next() {
      while (place < level.size()) {
        Segment segment = level.segment(place);
        position = level.deleted(place).nextLive(position + 1);
        if (position < segment.rowCount()) {
          key = segment.longKey(position);
          return key <= to;
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
