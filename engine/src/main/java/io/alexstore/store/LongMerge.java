package io.alexstore.store;

import java.util.List;

/** A merge by 64-bit keys. */
final class LongMerge extends SourceMerge<LongSource> {

  LongMerge(List<LongSource> newestFirst, Runnable onClose) {
    super(newestFirst, onClose);
  }

  @Override
  int smallest() {
    int best = 0;
    for (int i = 1; i < heads.size(); i++) {
      if (heads.get(i).key() < heads.get(best).key()) {
        best = i;
      }
    }
    return best;
  }

  @Override
  boolean hasSameKey(LongSource source, LongSource other) {
    return source.key() == other.key();
  }

  @Override
  public long longKey() {
    return current().key();
  }

  @Override
  public byte[] key() {
    throw new IllegalStateException("The store has 64-bit keys; call longKey()");
  }
}
