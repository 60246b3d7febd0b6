package io.alexstore.alex;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.Objects;

/**
 * A sorted map from 64-bit keys to 64-bit values in memory: the updatable ALEX (Ding et al., SIGMOD
 * 2020).
 *
 * <p>Thread safety: one thread at a time may write ({@link #put}, {@link #remove}, {@link #clear});
 * who uses more must put a lock around them. Any number of threads may read meanwhile. A reader
 * never waits for a writer. Each single lookup is atomic: it sees all writes that returned before
 * it began. {@link #count} and cursors see each data node at one moment, but not all at the same.
 */
public final class AlexLongMap {

  /** How many keys are looked up side by side. */
  private static final int GROUP = 32;

  /** The share of slots in use below which a rebuilt node keeps its size. */
  private static final double CROWDED = 0.8;

  /** The bytes of what a map has beside its nodes: the undo log and the builder's buffer. */
  private static final long OVERHEAD = 33_000;

  private static final VarHandle TREE;
  private static final VarHandle SIZE;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      TREE = lookup.findVarHandle(AlexLongMap.class, "tree", NodeTree.class);
      SIZE = lookup.findVarHandle(AlexLongMap.class, "size", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final long absent;
  private final UndoLog undo;
  private final DataNodeBuilder builder;
  private NodeTree tree;
  private long size;

  /** The data node that was written to last: where keys come in order, the next one's too. */
  private DataNode recent;

  private long expansions;

  /**
   * An empty map.
   *
   * @param absent what stands for 'no such key' in answers; no key may have it as its value
   */
  public AlexLongMap(long absent) {
    this(absent, new UndoLog(), new DataNodeBuilder());
  }

  /** An empty map that shares what a write needs with others of the same writer. */
  AlexLongMap(long absent, UndoLog undo, DataNodeBuilder builder) {
    this.absent = absent;
    this.undo = undo;
    this.builder = builder;
    clear();
  }

  /**
   * A map of keys that are sorted already; O(n).
   *
   * @param absent what stands for 'no such key' in answers
   * @param keys the keys, strictly ascending
   * @param values the keys' values
   * @param count how many there are
   * @throws IllegalArgumentException if the keys do not ascend, or a value is {@code absent}
   */
  public static AlexLongMap load(long absent, long[] keys, long[] values, int count) {
    Objects.checkFromIndexSize(0, count, Math.min(keys.length, values.length));
    for (int i = 0; i < count; i++) {
      if (i > 0 && keys[i] <= keys[i - 1]) {
        throw new IllegalArgumentException(
            "Keys to load must ascend strictly, but %d at %d is followed by %d"
                .formatted(keys[i - 1], i - 1, keys[i]));
      }
      if (values[i] == absent) {
        throw refused(values[i]);
      }
    }
    AlexLongMap map = new AlexLongMap(absent);
    if (count > 0) {
      map.tree = new NodeTree(new BulkLoader(map.builder).load(keys, values, count));
      map.recent = map.tree.leaf(Long.MAX_VALUE);
      map.size = count;
    }
    return map;
  }

  /** What stands for 'no such key' in answers. */
  public long absent() {
    return absent;
  }

  /** The value of a key, or {@link #absent()}. Allocates nothing. */
  public long get(long key) {
    return tree().leaf(key).get(key, absent, undo);
  }

  /**
   * The values of many keys, faster than one at a time: the waits for memory overlap. Each is
   * atomic, all together are not.
   *
   * @param keys the keys, in any order
   * @param values where the values go, {@link #absent()} for keys that are not there
   * @param count how many keys
   */
  public void getAll(long[] keys, long[] values, int count) {
    Objects.checkFromIndexSize(0, count, Math.min(keys.length, values.length));
    DataNode[] leaves = new DataNode[Math.min(GROUP, count)];
    NodeTree nodes = tree();
    for (int from = 0; from < count; from += GROUP) {
      int group = Math.min(GROUP, count - from);
      for (int i = 0; i < group; i++) {
        leaves[i] = nodes.leaf(keys[from + i]);
      }
      for (int i = 0; i < group; i++) {
        // Only so that the loads are sent for, side by side; the answer replaces it.
        values[from + i] = leaves[i].touch(keys[from + i]);
      }
      for (int i = 0; i < group; i++) {
        values[from + i] = leaves[i].get(keys[from + i], absent, undo);
      }
    }
  }

  /**
   * Gives a key a value.
   *
   * @return the value that it had, or {@link #absent()}
   * @throws IllegalArgumentException if the value is {@link #absent()}
   */
  public long put(long key, long value) {
    if (value == absent) {
      throw refused(value);
    }
    DataNode leaf = leafToWrite(key);
    int at = slotToPut(leaf, key);
    if (at < leaf.end && leaf.key(at) == key) {
      long before = leaf.value(at);
      leaf.setValue(at, value, undo);
      return before;
    }
    if (!hasRoom(leaf, at) || !leaf.insert(at, key, value, undo)) {
      grow(leaf, key, value);
    }
    SIZE.setRelease(this, size + 1);
    return absent;
  }

  /** A key's lower bound; of one above all others, as when keys ascend, without a search. */
  private static int slotToPut(DataNode leaf, long key) {
    int end = leaf.end;
    boolean isLast = leaf.high == Long.MAX_VALUE && end > 0 && leaf.key(end - 1) < key;
    return isLast ? end : leaf.lowerBound(key);
  }

  private static IllegalArgumentException refused(long value) {
    return new IllegalArgumentException(
        "The value " + value + " stands for 'no such key' in this map; remove the key instead");
  }

  /** The data node of a key, which no reader has asked to leave as it is. */
  private DataNode leafToWrite(long key) {
    DataNode leaf = recent;
    if (key < leaf.low || key > leaf.high) {
      leaf = tree.leaf(key);
    }
    if (leaf.isContended()) {
      DataNode successor = leaf.successor();
      tree.replace(leaf, successor);
      leaf = successor;
    }
    recent = leaf;
    return leaf;
  }

  private static boolean hasRoom(DataNode leaf, int at) {
    int capacity = leaf.capacity();
    return leaf.count < (int) (capacity * DataNodeBuilder.FULL)
        // Keys that come in order need no gaps.
        || (at == capacity - 1 && at == leaf.end)
        || (at == leaf.end && at < capacity && leaf.high == Long.MAX_VALUE);
  }

  /** Rebuilds a data node that has no room for a new key, or splits it. */
  private void grow(DataNode leaf, long key, long value) {
    int rank = builder.gather(leaf, key, value);
    int n = builder.count();
    expansions++;
    if (rank == n - 1 && leaf.high == Long.MAX_VALUE && isAppended(leaf, n)) {
      growAtEnd(leaf, n);
    } else if (n < leaf.capacity() * CROWDED) {
      // There is room, but not where the keys come.
      replace(leaf, builder.buildWithHole(leaf, rank));
    } else if (leaf.capacity() < leaf.largest()) {
      replace(leaf, builder.build(0, n, leaf.low, leaf.high));
    } else {
      split(leaf, n);
    }
  }

  private static boolean isAppended(DataNode leaf, int n) {
    return leaf.count == leaf.end || n > DataNodeBuilder.MAX_COUNT;
  }

  private void growAtEnd(DataNode leaf, int n) {
    if (n <= DataNode.MAX_CAPACITY) {
      int capacity = Math.min(DataNode.MAX_CAPACITY, Math.max(16, 2 * n));
      replace(leaf, builder.buildDense(0, n, leaf.low, leaf.high, capacity));
      return;
    }
    long border = builder.border(n - 1);
    DataNode left = builder.buildDense(0, n - 1, leaf.low, border - 1, n - 1);
    DataNode right = builder.buildDense(n - 1, n, border, leaf.high, DataNode.MAX_CAPACITY / 4);
    tree.split(leaf, left, right);
    recent = right;
  }

  private void split(DataNode leaf, int n) {
    int cut = builder.cut(0, n);
    long border = builder.border(cut);
    DataNode left = builder.build(0, cut, leaf.low, border - 1);
    DataNode right = builder.build(cut, n, border, leaf.high);
    tree.split(leaf, left, right);
    recent = right;
  }

  private void replace(DataNode leaf, DataNode by) {
    tree.replace(leaf, by);
    recent = by;
  }

  /**
   * Removes a key.
   *
   * @return the value that it had, or {@link #absent()}
   */
  public long remove(long key) {
    DataNode leaf = leafToWrite(key);
    int at = leaf.lowerBound(key);
    if (at >= leaf.end || leaf.key(at) != key) {
      return absent;
    }
    long before = leaf.value(at);
    leaf.remove(at, undo);
    SIZE.setRelease(this, size - 1);
    if (size == 0) {
      clear();
    } else if (leaf.count <= NodeTree.FEW && leaf.count % 8 == 0) {
      join(leaf);
    } else if (leaf.count < leaf.capacity() / 4) {
      shrink(leaf);
    }
    return before;
  }

  private void join(DataNode leaf) {
    DataNode sibling = tree.rightSibling(leaf);
    if (sibling == leaf || leaf.count + sibling.count > 4 * NodeTree.FEW) {
      shrink(leaf);
      return;
    }
    builder.gather(leaf, sibling);
    DataNode joined = builder.build(0, builder.count(), leaf.low, sibling.high);
    tree.join(leaf, sibling, joined);
    recent = joined;
  }

  private void shrink(DataNode leaf) {
    if (DataNodeBuilder.roomFor(leaf.count) < leaf.capacity() / 2) {
      builder.gather(leaf);
      replace(leaf, builder.build(0, builder.count(), leaf.low, leaf.high));
    }
  }

  /** Removes all keys; O(1). */
  public void clear() {
    recent = new DataNode(Long.MIN_VALUE, Long.MAX_VALUE, DataNodeBuilder.roomFor(0));
    TREE.setRelease(this, new NodeTree(recent));
    SIZE.setRelease(this, 0L);
  }

  private NodeTree tree() {
    return (NodeTree) TREE.getAcquire(this);
  }

  /**
   * Finds the greatest key at or below one.
   *
   * @param into where its entry goes; unchanged if there is none
   * @return whether there is one
   */
  public boolean floor(long key, AlexEntry into) {
    return copyDown(key, into.pair(), 1) > 0;
  }

  /**
   * Finds the smallest key at or above one.
   *
   * @param into where its entry goes; unchanged if there is none
   * @return whether there is one
   */
  public boolean ceiling(long key, AlexEntry into) {
    return copyUp(key, into.pair(), 1) > 0;
  }

  /**
   * Copies entries of one data node in ascending order, from the first at or above a key on.
   *
   * @return how many; 0 only if there are none
   */
  int copyUp(long from, long[] target, int most) {
    NodeTree nodes = tree();
    DataNode leaf = nodes.leaf(from);
    int copied = leaf.copyUp(from, target, most, undo);
    while (copied == 0 && leaf.high != Long.MAX_VALUE) {
      long next = leaf.high + 1;
      leaf = nodes.leaf(next);
      copied = leaf.copyUp(next, target, most, undo);
    }
    return copied;
  }

  /** Copies entries in descending order, from the last at or below a key on downwards. */
  int copyDown(long from, long[] target, int most) {
    NodeTree nodes = tree();
    DataNode leaf = nodes.leaf(from);
    int copied = leaf.copyDown(from, target, most, undo);
    while (copied == 0 && leaf.low != Long.MIN_VALUE) {
      long next = leaf.low - 1;
      leaf = nodes.leaf(next);
      copied = leaf.copyDown(next, target, most, undo);
    }
    return copied;
  }

  /** All entries in ascending order of their keys. */
  public AlexLongCursor cursor() {
    return cursor(Long.MIN_VALUE);
  }

  /** The entries from a key on, which itself is among them, in ascending order. */
  public AlexLongCursor cursor(long from) {
    return new AlexLongCursor(this, from, false);
  }

  /** The entries from a key on downwards, which itself is among them, in descending order. */
  public AlexLongCursor descendingCursor(long from) {
    return new AlexLongCursor(this, from, true);
  }

  /**
   * The number of keys from {@code from} to {@code to}, both of them included; 0 if {@code from >
   * to}. Looks into the data nodes at both ends and asks those between for their counts.
   */
  public long count(long from, long to) {
    if (from > to) {
      return 0;
    }
    NodeTree nodes = tree();
    DataNode leaf = nodes.leaf(from);
    long sum = leaf.count(from, to, undo);
    while (leaf.high < to) {
      leaf = nodes.leaf(leaf.high + 1);
      sum += leaf.count(from, to, undo);
    }
    return sum;
  }

  /** The number of keys; O(1). */
  public long size() {
    return (long) SIZE.getAcquire(this);
  }

  /** Whether there are no keys. */
  public boolean isEmpty() {
    return size() == 0;
  }

  /** The bytes of the nodes alone. */
  long nodeBytes() {
    return tree().memoryBytes();
  }

  /** The bytes of heap that the map takes, keys and values included; O(1). */
  public long memoryBytes() {
    return OVERHEAD + tree().memoryBytes();
  }

  /**
   * What the map is made of; O(n), since it looks every key up. While the map is written, the parts
   * are of different moments.
   */
  public AlexStats stats() {
    NodeTree nodes = tree();
    int height = 1;
    int models = 0;
    int splitNodes = 0;
    long keys = 0;
    long errors = 0;
    ArrayDeque<Level> todo = new ArrayDeque<>();
    todo.add(new Level(nodes.root(), 1));
    for (Level at = todo.poll(); at != null; at = todo.poll()) {
      height = Math.max(height, at.level);
      if (at.node instanceof DataNode leaf) {
        DataNode image = leaf.image(undo);
        keys += image.count;
        errors += image.errors();
        continue;
      }
      if (at.node instanceof ModelNode) {
        models++;
      } else {
        splitNodes++;
      }
      Node child = NodeTree.child(at.node, at.node.low);
      todo.add(new Level(child, at.level + 1));
      while (child.high < at.node.high) {
        child = NodeTree.child(at.node, child.high + 1);
        todo.add(new Level(child, at.level + 1));
      }
    }
    return new AlexStats(
        keys,
        height,
        models,
        splitNodes,
        nodes.leaves(),
        keys == 0 ? 0 : (double) errors / keys,
        memoryBytes(),
        expansions,
        nodes.splits());
  }

  private record Level(Node node, int level) {}
}
