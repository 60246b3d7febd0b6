package io.alexstore.log;

import io.alexstore.error.CorruptFileException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The payload of one block of a checkpoint, read from its start to its end. Whatever its bytes are,
 * it gives values or a {@link CorruptFileException}, and never takes more memory than some times
 * the payload's. Not thread-safe.
 */
final class CheckpointInput {

  private final String path;
  private final byte[] file;
  private final ByteBuffer bytes;

  /**
   * @param file the whole file
   */
  CheckpointInput(String path, byte[] file, int from, int length) {
    this.path = path;
    this.file = file;
    this.bytes =
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).limit(from + length).position(from);
  }

  boolean isAtEnd() {
    return !bytes.hasRemaining();
  }

  int position() {
    return bytes.position();
  }

  private ByteBuffer take(int count) {
    if (count > bytes.remaining()) {
      throw new CorruptFileException(
          path,
          bytes.position(),
          "a value of " + count + " bytes where its block has " + bytes.remaining() + " left");
    }
    return bytes;
  }

  int u8() {
    return take(1).get() & 0xff;
  }

  long i64() {
    return take(8).getLong();
  }

  UUID uuid() {
    ByteBuffer from = take(16);
    long most = from.getLong();
    return new UUID(most, from.getLong());
  }

  /** An integer, never below 0. */
  long varint() {
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      long next = u8();
      value |= (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new CorruptFileException(path, bytes.position(), "a number that is too large");
  }

  /** An integer, never below 0 nor above {@link Integer#MAX_VALUE}. */
  int smallVarint() {
    long value = varint();
    if (value > Integer.MAX_VALUE) {
      throw new CorruptFileException(path, bytes.position(), "a number that is too large");
    }
    return (int) value;
  }

  /** Some bytes after those that stand in an array already. */
  byte[] bytes(byte[] before, int shared, int count) {
    if (shared > before.length) {
      throw new CorruptFileException(
          path,
          bytes.position(),
          "a key that shares " + shared + " bytes with one of " + before.length);
    }
    ByteBuffer from = take(count);
    byte[] array = new byte[shared + count];
    System.arraycopy(before, 0, array, 0, shared);
    from.get(array, shared, count);
    return array;
  }

  String string() {
    int length = smallVarint();
    ByteBuffer from = take(length);
    int start = from.position();
    from.position(start + length);
    return new String(file, start, length, StandardCharsets.UTF_8);
  }

  List<String> strings() {
    List<String> strings = new ArrayList<>();
    for (int left = smallVarint(); left > 0; left--) {
      strings.add(string());
    }
    return strings;
  }

  Map<String, String> map() {
    Map<String, String> map = new HashMap<>();
    for (int left = smallVarint(); left > 0; left--) {
      map.put(string(), string());
    }
    return map;
  }
}
