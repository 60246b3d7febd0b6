package io.alexstore.store;

import java.nio.ByteBuffer;

/** One of the places that a range scan merges: a memtable or a level of segments. */
interface StoreSource {

  /** Goes to the next record that is seen; false if there is none. */
  boolean next();

  /** Whether the record says that there is no such key any more. */
  boolean isDelete();

  byte[] value();

  ByteBuffer valueSlice();
}
