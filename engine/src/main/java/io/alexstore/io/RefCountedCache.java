package io.alexstore.io;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * A bounded cache of open things (maps, segments), each with a count of those who use it.
 *
 * <p>{@link #acquire} opens a value, or gives the one that is open, and counts its user until the
 * {@link Lease} is closed. Values without users stay open until they are too many or too heavy:
 * then the least recently used of them are closed. What has a user is never closed, so the bounds
 * hold as soon as users let go; and they are bounds on what is idle and used together.
 *
 * <p>A value is opened once, however many threads ask for it at the same time; the others wait. If
 * opening fails, all of them get the error (the others as a {@link FailedElsewhereException}), and
 * the next to come tries again.
 *
 * <p>Thread safety: safe for any number of threads. Nothing is opened or closed under the lock.
 *
 * @param <K> what names a value, with {@code equals} and {@code hashCode}
 * @param <V> the values
 */
public final class RefCountedCache<K, V> implements AutoCloseable {

  /** Opens a value. */
  @FunctionalInterface
  public interface Opener<K, V> {
    /** Opens the value of a key; never null. */
    V open(K key) throws IOException;
  }

  /** Another thread tried to open the value while this one waited, and failed. */
  public static final class FailedElsewhereException extends IOException {
    private static final long serialVersionUID = 1L;

    FailedElsewhereException(Object key, Throwable failure) {
      super("Cannot open " + key + ": " + failure.getMessage(), failure);
    }
  }

  /** The right to use a value until the lease is closed. Closing it again does nothing. */
  public static final class Lease<V> implements AutoCloseable {
    private final RefCountedCache<?, V> cache;
    private final V value;
    private Entry<?, V> entry;

    private <K> Lease(RefCountedCache<K, V> cache, Entry<K, V> entry) {
      this.cache = cache;
      this.entry = entry;
      this.value = entry.value;
    }

    /** The value; not to be used after {@link #close}. */
    public V value() {
      return value;
    }

    @Override
    public void close() {
      cache.release(this);
    }
  }

  private static final class Entry<K, V> {
    final K key;
    int users = 1;
    V value;
    long weight;
    Throwable failure;
    boolean opened;
    // No longer in the cache: to be closed by its last user.
    boolean dropped;

    Entry(K key) {
      this.key = key;
    }
  }

  private final int maxCount;
  private final long maxWeight;
  private final ToLongFunction<? super V> weigher;
  private final Consumer<? super V> closer;

  // All guarded by this.
  private final Map<K, Entry<K, V>> entries = new HashMap<>();
  private final LinkedHashMap<K, Entry<K, V>> idle = new LinkedHashMap<>();
  private long weight;
  private boolean closed;

  /**
   * An empty cache.
   *
   * @param maxCount the most values that stay open when idle, at least 0
   * @param maxWeight the most that they may weigh together, at least 0
   * @param weigher weighs a value, such as in bytes, when it was opened
   * @param closer closes a value; must not throw
   */
  public RefCountedCache(
      int maxCount, long maxWeight, ToLongFunction<? super V> weigher, Consumer<? super V> closer) {
    if (maxCount < 0 || maxWeight < 0) {
      throw new IllegalArgumentException(
          "The bounds of a cache must be at least 0, not " + maxCount + " and " + maxWeight);
    }
    this.maxCount = maxCount;
    this.maxWeight = maxWeight;
    this.weigher = Objects.requireNonNull(weigher, "weigher");
    this.closer = Objects.requireNonNull(closer, "closer");
  }

  /**
   * The value of a key, opened if it is not open.
   *
   * @throws IOException if it cannot be opened
   * @throws IllegalStateException if the cache is closed
   */
  public Lease<V> acquire(K key, Opener<? super K, ? extends V> opener) throws IOException {
    Entry<K, V> entry;
    synchronized (this) {
      checkOpen();
      entry = entries.get(key);
      if (entry != null) {
        entry.users++;
        idle.remove(key);
        awaitOpened(entry);
        return new Lease<>(this, entry);
      }
      entry = new Entry<>(key);
      entries.put(key, entry);
    }
    V value = null;
    long valueWeight = 0;
    Throwable failure = null;
    try {
      value = Objects.requireNonNull(opener.open(key), "opened value");
      valueWeight = weigher.applyAsLong(value);
    } catch (IOException | RuntimeException | Error e) {
      failure = e;
      throw e;
    } finally {
      opened(entry, value, valueWeight, failure);
    }
    return new Lease<>(this, entry);
  }

  private void opened(Entry<K, V> entry, V value, long valueWeight, Throwable failure) {
    List<V> unused;
    synchronized (this) {
      entry.opened = true;
      entry.value = value;
      entry.failure = failure;
      entry.weight = valueWeight;
      if (failure != null) {
        entries.remove(entry.key, entry);
      } else if (!entry.dropped) {
        weight += valueWeight;
      }
      unused = evict();
      notifyAll();
    }
    unused.forEach(closer);
  }

  private void awaitOpened(Entry<K, V> entry) throws IOException {
    boolean interrupted = false;
    while (!entry.opened) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (entry.failure != null) {
      // An exception of one thread must not be thrown by another as well: it may be changed.
      throw new FailedElsewhereException(entry.key, entry.failure);
    }
  }

  private void release(Lease<V> lease) {
    List<V> unused;
    synchronized (this) {
      Entry<?, V> entry = lease.entry;
      if (entry == null) {
        return;
      }
      lease.entry = null;
      unused = release(entry);
    }
    unused.forEach(closer);
  }

  private List<V> release(Entry<?, V> entry) {
    entry.users--;
    if (entry.users > 0) {
      return List.of();
    }
    if (entry.dropped) {
      return List.of(entry.value);
    }
    @SuppressWarnings("unchecked") // The entry came from this cache.
    Entry<K, V> own = (Entry<K, V>) entry;
    idle.put(own.key, own);
    return evict();
  }

  /** Takes idle values out, the least recently used first, until the bounds hold. */
  private List<V> evict() {
    List<V> unused = new ArrayList<>();
    var oldest = idle.values().iterator();
    while ((entries.size() > maxCount || weight > maxWeight) && oldest.hasNext()) {
      Entry<K, V> entry = oldest.next();
      oldest.remove();
      entries.remove(entry.key);
      weight -= entry.weight;
      unused.add(entry.value);
    }
    return unused;
  }

  /**
   * Forgets a key, because its file was deleted or found damaged: the value is closed as soon as it
   * has no users, and the next {@link #acquire} opens another.
   */
  public void invalidate(K key) {
    V unused;
    synchronized (this) {
      unused = drop(entries.remove(key));
    }
    if (unused != null) {
      closer.accept(unused);
    }
  }

  /** Closes the value of a key now if it is open and has no users; otherwise does nothing. */
  public void closeIdle(K key) {
    V unused = null;
    synchronized (this) {
      if (idle.containsKey(key)) {
        unused = drop(entries.remove(key));
      }
    }
    if (unused != null) {
      closer.accept(unused);
    }
  }

  private V drop(Entry<K, V> entry) {
    if (entry == null) {
      return null;
    }
    entry.dropped = true;
    weight -= entry.weight;
    return idle.remove(entry.key) != null ? entry.value : null;
  }

  /** The number of values that are open or being opened and have not been invalidated. */
  public synchronized int size() {
    return entries.size();
  }

  /** What they weigh. */
  public synchronized long weight() {
    return weight;
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("This cache is closed");
    }
  }

  /** Closes all idle values now, and each other one when its last user lets go. */
  @Override
  public void close() {
    List<V> unused = new ArrayList<>();
    synchronized (this) {
      closed = true;
      for (Entry<K, V> entry : List.copyOf(entries.values())) {
        V value = drop(entry);
        if (value != null) {
          unused.add(value);
        }
      }
      entries.clear();
    }
    unused.forEach(closer);
  }
}
