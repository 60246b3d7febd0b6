package io.alexstore.benchmarks.index;

import io.alexstore.alex.AlexLongMap;
import it.unimi.dsi.fastutil.longs.Long2LongAVLTreeMap;
import it.unimi.dsi.fastutil.longs.Long2LongRBTreeMap;
import it.unimi.dsi.fastutil.longs.Long2LongSortedMap;
import java.util.TreeMap;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.LongDataType;

/** A sorted map from long to long, in memory. A process uses one kind, so calls are inlined. */
interface LongMap {

  /** The value of a key that is there. */
  long get(long key);

  /** Gives a key a value. */
  void put(long key, long value);

  /** An empty map of a kind. */
  static LongMap of(String engine) {
    return switch (engine) {
      case "alex" -> new Alex(new AlexLongMap(-1));
      case "treemap" -> new JdkTree(new TreeMap<>());
      case "fastutil-avl" -> new Fastutil(new Long2LongAVLTreeMap());
      case "fastutil-rb" -> new Fastutil(new Long2LongRBTreeMap());
      case "mvstore" -> MvStore.open();
      default -> throw new IllegalArgumentException("No engine is called " + engine);
    };
  }

  /** The updatable ALEX. */
  record Alex(AlexLongMap map) implements LongMap {
    @Override
    public long get(long key) {
      return map.get(key);
    }

    @Override
    public void put(long key, long value) {
      map.put(key, value);
    }
  }

  /** The JDK's red-black tree of boxed numbers. */
  record JdkTree(TreeMap<Long, Long> map) implements LongMap {
    @Override
    public long get(long key) {
      return map.get(key);
    }

    @Override
    public void put(long key, long value) {
      map.put(key, value);
    }
  }

  /** Fastutil's trees of primitive numbers. */
  record Fastutil(Long2LongSortedMap map) implements LongMap {
    @Override
    public long get(long key) {
      return map.get(key);
    }

    @Override
    public void put(long key, long value) {
      map.put(key, value);
    }
  }

  /**
   * MVStore without a file. Its commits, which it would else do in the background, are off, and it
   * knows the types, so that it keeps longs and compares them as such.
   */
  record MvStore(MVMap<Long, Long> map) implements LongMap {

    static MvStore open() {
      MVStore store = new MVStore.Builder().autoCommitDisabled().open();
      store.setVersionsToKeep(0);
      return new MvStore(
          store.openMap(
              "map",
              new MVMap.Builder<Long, Long>()
                  .keyType(LongDataType.INSTANCE)
                  .valueType(LongDataType.INSTANCE)));
    }

    @Override
    public long get(long key) {
      return map.get(key);
    }

    @Override
    public void put(long key, long value) {
      map.put(key, value);
    }
  }
}
