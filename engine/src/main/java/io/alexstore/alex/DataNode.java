package io.alexstore.alex;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A data node of the updatable index: a gapped array of entries (Ding et al., SIGMOD 2020, section
 * 3.2), key and value side by side, so that an answer is one wait for memory.
 *
 * <p>A gap holds a copy of the entry before it (those before the first entry, of the first). So the
 * keys of {@code [0, end)} never fall, an entry is a run of equal slots, any slot of a run answers
 * for it, and no bitmap is needed.
 *
 * <p><b>One writer, any number of readers.</b> A write changes slots in place between two steps of
 * {@code version}, which is odd in between:
 *
 * <ol>
 *   <li>A reader notes an even version, reads, and takes what it read if the version is still the
 *       same. Whatever it may read meanwhile, every loop ends and every index is within the array.
 *   <li>Before the version becomes odd, the writer has saved what it will overwrite in the {@link
 *       UndoLog}. A reader that finds an odd version, or was disturbed too often, copies the node
 *       and undoes the copy: it needs nobody to go on, so it cannot block, even if the writer's
 *       thread is stopped between the two steps.
 *   <li>A reader whose copy was disturbed too says so in {@code contended}; the writer then leaves
 *       this node as it is for ever and writes to a copy. So a reader tries a bounded number of
 *       times.
 *   <li>A node that was replaced stays as it was. Who still reads it sees the state of the moment
 *       at which it was replaced, which lies after the reader's start.
 * </ol>
 */
final class DataNode extends Node {

  /** The most slots of a node: 16 KiB, so that no rebuild holds a writer up for long. */
  static final int MAX_CAPACITY = 1024;

  /** The slots at which a full node is split whose line is far off its entries. */
  static final int LARGEST_HARD = 256;

  /** How far an insert moves entries to reach a gap before the node is rebuilt. */
  static final int MAX_SHIFT = 64;

  /** The longest run of gaps that one insert takes for itself. */
  private static final int MAX_RUN = 8;

  private static final int ATTEMPTS = 4;

  private static final VarHandle VERSION;
  private static final VarHandle CONTENDED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      VERSION = lookup.findVarHandle(DataNode.class, "version", int.class);
      CONTENDED = lookup.findVarHandle(DataNode.class, "contended", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Slot i: the key at 2 i, the value at 2 i + 1. */
  final long[] slots;

  private final long base;
  private final double slope;
  private final double intercept;

  /** Whether the line is far off many entries, so that the node had better stay small. */
  private final boolean hard;

  /** The slots in use; those behind are free. */
  int end;

  /** The number of entries. */
  int count;

  @SuppressWarnings("UnusedVariable") // by VERSION
  private int version;

  @SuppressWarnings("UnusedVariable") // by CONTENDED
  private boolean contended;

  /** A node that takes the array for its own. */
  DataNode(long low, long high, long[] slots, LinearModel model, int end, int count, boolean hard) {
    super(low, high);
    this.slots = slots;
    this.base = model.base();
    this.slope = model.slope();
    this.intercept = model.intercept();
    this.end = end;
    this.count = count;
    this.hard = hard;
  }

  /** An empty node. */
  DataNode(long low, long high, int capacity) {
    this(low, high, new long[2 * capacity], new LinearModel(0, 0, 0), 0, 0, false);
  }

  int capacity() {
    return slots.length >> 1;
  }

  boolean isHard() {
    return hard;
  }

  /** The slots at which a node that is full is split, rather than rebuilt with more. */
  int largest() {
    return hard ? LARGEST_HARD : MAX_CAPACITY;
  }

  long key(int slot) {
    return slots[2 * slot];
  }

  long value(int slot) {
    return slots[2 * slot + 1];
  }

  // Reading, while the writer may be writing.

  /** The value of a key, or {@code absent}. */
  long get(long key, long absent, UndoLog undo) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int seen = (int) VERSION.getAcquire(this);
      if ((seen & 1) == 0) {
        long value = stillGet(key, absent);
        if (isStill(seen)) {
          return value;
        }
      }
    }
    return image(undo).stillGet(key, absent);
  }

  /**
   * Copies entries in ascending order, from the first at or above a key on.
   *
   * @return how many: less than {@code most} only if the node has no more
   */
  int copyUp(long from, long[] target, int most, UndoLog undo) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int seen = (int) VERSION.getAcquire(this);
      if ((seen & 1) == 0) {
        int copied = stillCopyUp(from, target, most);
        if (isStill(seen)) {
          return copied;
        }
      }
    }
    return image(undo).stillCopyUp(from, target, most);
  }

  /** Copies entries in descending order, from the last at or below a key on downwards. */
  int copyDown(long from, long[] target, int most, UndoLog undo) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int seen = (int) VERSION.getAcquire(this);
      if ((seen & 1) == 0) {
        int copied = stillCopyDown(from, target, most);
        if (isStill(seen)) {
          return copied;
        }
      }
    }
    return image(undo).stillCopyDown(from, target, most);
  }

  /** The number of entries from one key to another, both included. */
  int count(long from, long to, UndoLog undo) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int seen = (int) VERSION.getAcquire(this);
      if ((seen & 1) == 0) {
        int counted = stillCount(from, to);
        if (isStill(seen)) {
          return counted;
        }
      }
    }
    return image(undo).stillCount(from, to);
  }

  /** Loads what a lookup of a key will need first. */
  long touch(long key) {
    int n = end;
    return n == 0 ? 0 : slots[2 * predict(key, n)];
  }

  private boolean isStill(int seen) {
    // What was read before is read before the version is.
    VarHandle.loadLoadFence();
    return (int) VERSION.getOpaque(this) == seen;
  }

  /** A copy of the node at one moment, which nobody writes to. */
  DataNode image(UndoLog undo) {
    for (int attempt = 0; ; attempt++) {
      int seen = (int) VERSION.getAcquire(this);
      long[] copy = slots.clone();
      int copiedEnd = end;
      int copiedCount = count;
      if ((seen & 1) != 0) {
        undo.restore(copy);
        copiedEnd = undo.end();
        copiedCount = undo.count();
      }
      if (isStill(seen)) {
        return copy(copy, copiedEnd, copiedCount);
      }
      if (attempt == 1) {
        CONTENDED.setVolatile(this, true);
      }
    }
  }

  private DataNode copy(long[] copy, int copiedEnd, int copiedCount) {
    LinearModel model = new LinearModel(base, slope, intercept);
    return new DataNode(low, high, copy, model, copiedEnd, copiedCount, hard);
  }

  // Reading a node that nobody writes to, or that is checked afterwards.

  private long stillGet(long key, long absent) {
    int n = end;
    if (n == 0) {
      return absent;
    }
    long[] s = slots;
    int at = SlotSearch.nearLowerBound(s, n, predict(key, n), key);
    return at < n && s[2 * at] == key ? s[2 * at + 1] : absent;
  }

  private int stillCopyUp(long from, long[] target, int most) {
    int n = end;
    int copied = 0;
    for (int i = lowerBound(from); i < n && copied < most; i++) {
      long key = key(i);
      if (copied == 0 || key != target[2 * copied - 2]) {
        target[2 * copied] = key;
        target[2 * copied + 1] = value(i);
        copied++;
      }
    }
    return copied;
  }

  private int stillCopyDown(long from, long[] target, int most) {
    int copied = 0;
    int start = from == Long.MAX_VALUE ? end : lowerBound(from + 1);
    for (int i = start - 1; i >= 0 && copied < most; i--) {
      long key = key(i);
      if (copied == 0 || key != target[2 * copied - 2]) {
        target[2 * copied] = key;
        target[2 * copied + 1] = value(i);
        copied++;
      }
    }
    return copied;
  }

  private int stillCount(long from, long to) {
    if (from <= low && to >= high) {
      return count;
    }
    int n = to == Long.MAX_VALUE ? end : lowerBound(to + 1);
    int counted = 0;
    for (int i = lowerBound(from); i < n; i++) {
      counted += i == 0 || key(i) != key(i - 1) ? 1 : 0;
    }
    return counted;
  }

  /** The first slot, up to {@code end}, whose key is at least the given one. */
  int lowerBound(long key) {
    int n = end;
    return n == 0 ? 0 : SlotSearch.lowerBound(slots, n, predict(key, n), key);
  }

  private int predict(long key, int n) {
    return LinearModel.clamp((int) (intercept + slope * (double) (key - base)), n);
  }

  // Writing, by the one writer.

  /** Whether a reader asked that this node be left as it is. */
  boolean isContended() {
    return (boolean) CONTENDED.getOpaque(this);
  }

  /** A copy to write to in this node's stead. */
  DataNode successor() {
    return copy(slots.clone(), end, count);
  }

  /** Gives the entry of a slot a value. */
  void setValue(int slot, long value, UndoLog undo) {
    int from = runStart(slot);
    int to = runEnd(slot);
    begin(undo, from, to);
    for (int i = from; i < to; i++) {
      slots[2 * i + 1] = value;
    }
    finish();
  }

  /** Removes the entry whose run begins at a slot. */
  void remove(int slot, UndoLog undo) {
    int to = runEnd(slot);
    begin(undo, slot, to);
    if (to == end) {
      end = slot;
    } else {
      fill(slot, to, slot > 0 ? slot - 1 : to);
    }
    count--;
    finish();
  }

  /**
   * Inserts an entry whose key is not there, as near to its predicted slot as order allows.
   *
   * @param at the key's lower bound
   * @return whether there was a gap near enough
   */
  boolean insert(int at, long key, long value, UndoLog undo) {
    int n = end;
    int wanted = predict(key, capacity());
    if (at == n && n < capacity()) {
      append(wanted, key, value, undo);
      return true;
    }
    long[] s = slots;
    for (int distance = 0; distance < MAX_SHIFT; distance++) {
      int left = at - 1 - distance;
      if (left >= 1 && s[2 * left] == s[2 * left - 2]) {
        shiftLeft(left, at, wanted, key, value, undo);
        return true;
      }
      int right = at + distance;
      if (right < n - 1 ? s[2 * right] == s[2 * right + 2] : right == n - 1 && n < capacity()) {
        shiftRight(at, right, wanted, key, value, undo);
        return true;
      }
    }
    return false;
  }

  /** The greatest key of the node. Where keys come in order, gaps would stay empty for ever. */
  private void append(int wanted, long key, long value, UndoLog undo) {
    int n = end;
    int at = high == Long.MAX_VALUE ? n : Math.max(n, Math.min(wanted, n + MAX_RUN));
    begin(undo, n, n);
    set(at, key, value);
    fill(n, at, n > 0 ? n - 1 : at);
    end = at + 1;
    count++;
    finish();
  }

  private void shiftLeft(int gap, int at, int wanted, long key, long value, UndoLog undo) {
    int from = at - 1;
    if (gap == from) {
      // The entry before has gaps: the new one takes those from the predicted slot on.
      int least = Math.max(wanted, at - MAX_RUN);
      while (from > least && from >= 2 && slots[2 * from - 4] == slots[2 * gap]) {
        from--;
      }
    }
    begin(undo, Math.min(gap - 1, from), at);
    if (gap < at - 1) {
      System.arraycopy(slots, 2 * gap, slots, 2 * gap - 2, 2 * (at - gap));
    } else {
      gap = from;
    }
    for (int i = from; i < at; i++) {
      set(i, key, value);
    }
    count++;
    finish();
  }

  private void shiftRight(int at, int gap, int wanted, long key, long value, UndoLog undo) {
    int n = end;
    int to = at + 1;
    if (gap == at) {
      // The entry behind has gaps: the new one takes those up to the predicted slot.
      int most = Math.min(wanted + 1, at + MAX_RUN);
      while (to < most && to < n - 1 && slots[2 * to + 2] == slots[2 * at]) {
        to++;
      }
    }
    begin(undo, at, Math.min(Math.max(gap + 2, to), n));
    System.arraycopy(slots, 2 * at, slots, 2 * at + 2, 2 * (gap - at + 1));
    for (int i = at; i < to; i++) {
      set(i, key, value);
    }
    if (gap == n - 1) {
      end = n + 1;
    }
    count++;
    finish();
  }

  /** Makes the node known to be written to, in the slots of {@code [from, to)}. */
  void begin(UndoLog undo, int from, int to) {
    undo.save(this, from, to);
    VERSION.setRelease(this, version + 1);
    // No reader sees a change before it sees the odd version.
    VarHandle.storeStoreFence();
  }

  /** Makes what was written known. */
  void finish() {
    VERSION.setRelease(this, version + 1);
  }

  private int runStart(int slot) {
    int at = slot;
    while (at > 0 && key(at - 1) == key(slot)) {
      at--;
    }
    return at;
  }

  private int runEnd(int slot) {
    int at = slot + 1;
    while (at < end && key(at) == key(slot)) {
      at++;
    }
    return at;
  }

  private void set(int slot, long key, long value) {
    slots[2 * slot] = key;
    slots[2 * slot + 1] = value;
  }

  private void fill(int from, int to, int source) {
    long key = key(source);
    long value = value(source);
    for (int i = from; i < to; i++) {
      set(i, key, value);
    }
  }

  /** The slots between prediction and place, summed over all entries. */
  long errors() {
    long sum = 0;
    for (int i = 0; i < end; i++) {
      if (i == 0 || key(i) != key(i - 1)) {
        int predicted = predict(key(i), end);
        sum += predicted <= i ? i - predicted : Math.max(0, predicted - runEnd(i) + 1);
      }
    }
    return sum;
  }

  @Override
  long memoryBytes() {
    return 96 + 8L * slots.length;
  }
}
