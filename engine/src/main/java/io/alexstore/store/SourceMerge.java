package io.alexstore.store;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Merges sources, of which those that come first have the newer records. There are few, so the
 * smallest key is found by looking at all of them. Not thread-safe.
 */
abstract class SourceMerge<S extends StoreSource> implements StoreCursor {

  // Those that stand at a record, the newest first.
  final List<S> heads = new ArrayList<>();
  private final List<S> newestFirst;
  private final Runnable onClose;
  private S current;
  private boolean begun;
  private boolean closed;

  /**
   * @param onClose is run once, when the cursor is closed
   */
  SourceMerge(List<S> newestFirst, Runnable onClose) {
    this.newestFirst = newestFirst;
    this.onClose = onClose;
  }

  /** The first of the sources that have the smallest key; at least one stands at a record. */
  abstract int smallest();

  /** Whether a source stands at the key of another. */
  abstract boolean hasSameKey(S source, S other);

  @Override
  public boolean next() {
    if (!begun) {
      begun = true;
      for (S source : newestFirst) {
        if (source.next()) {
          heads.add(source);
        }
      }
    } else if (current != null) {
      pass();
    }
    while (!heads.isEmpty()) {
      current = heads.get(smallest());
      if (!current.isDelete()) {
        return true;
      }
      pass();
    }
    current = null;
    return false;
  }

  /** Leaves the current key behind, in all sources. */
  private void pass() {
    for (int i = heads.size() - 1; i >= 0; i--) {
      S source = heads.get(i);
      if (source != current && hasSameKey(source, current) && !source.next()) {
        heads.remove(i);
      }
    }
    if (!current.next()) {
      heads.remove(current);
    }
  }

  final S current() {
    if (current == null) {
      throw new IllegalStateException("The cursor stands on no entry; call next first");
    }
    return current;
  }

  @Override
  public byte[] value() {
    return current().value();
  }

  @Override
  public ByteBuffer valueSlice() {
    return current().valueSlice();
  }

  @Override
  public void close() {
    begun = true;
    heads.clear();
    current = null;
    if (!closed) {
      closed = true;
      onClose.run();
    }
  }
}
