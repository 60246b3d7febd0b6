package io.alexstore.store;

import java.util.Arrays;
import java.util.List;

/** A merge by keys of bytes. */
final class BytesMerge extends SourceMerge<BytesSource> {

  BytesMerge(List<BytesSource> newestFirst, Runnable onClose) {
    super(newestFirst, onClose);
  }

  @Override
  int smallest() {
    int best = 0;
    for (int i = 1; i < heads.size(); i++) {
      if (Arrays.compareUnsigned(heads.get(i).key(), heads.get(best).key()) < 0) {
        best = i;
      }
    }
    return best;
  }

  @Override
  boolean hasSameKey(BytesSource source, BytesSource other) {
    return Arrays.equals(source.key(), other.key());
  }

  @Override
  public long longKey() {
    throw new IllegalStateException("The store has keys of bytes; call key()");
  }

  @Override
  public byte[] key() {
    return current().key().clone();
  }
}
