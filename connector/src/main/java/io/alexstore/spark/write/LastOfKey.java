package io.alexstore.spark.write;

import io.alexstore.key.KeyBuffer;
import io.alexstore.key.KeyCodec;
import io.alexstore.key.KeyForm;
import io.alexstore.schema.Schema;
import io.alexstore.schema.Values;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Of rows that come in the order of their keys, keeps back each until it is known to be the last
 * with its key. Not thread-safe.
 */
final class LastOfKey {

  private final KeyCodec codec;
  private InternalRow held;
  private long heldLong;
  private KeyBuffer heldBytes = new KeyBuffer();
  private KeyBuffer nextBytes = new KeyBuffer();

  LastOfKey(Schema schema) {
    this.codec = KeyCodec.of(schema);
  }

  /**
   * Takes the next row.
   *
   * @param values the row
   * @return the row before it, if that was the last with its key; otherwise null
   */
  InternalRow next(InternalRow row, Values values) {
    InternalRow before = held;
    boolean isSame;
    if (codec.form() == KeyForm.LONG) {
      long key = codec.encodeLong(values);
      isSame = key == heldLong;
      heldLong = key;
    } else {
      nextBytes.clear();
      codec.encode(values, nextBytes);
      isSame =
          Arrays.equals(
              nextBytes.array(), 0, nextBytes.length(), heldBytes.array(), 0, heldBytes.length());
      KeyBuffer spare = heldBytes;
      heldBytes = nextBytes;
      nextBytes = spare;
    }
    held = row.copy();
    return isSame ? null : before;
  }

  /** The last row; null if there was none. */
  InternalRow last() {
    return held;
  }
}
