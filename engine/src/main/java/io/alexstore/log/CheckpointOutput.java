package io.alexstore.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.CRC32C;

/** The bytes of a checkpoint as they grow. Not thread-safe. */
final class CheckpointOutput {

  private ByteBuffer bytes = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);

  private ByteBuffer room(int more) {
    if (bytes.remaining() < more) {
      int needed = Math.addExact(bytes.position(), more);
      int capacity =
          (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(2L * bytes.capacity(), needed));
      byte[] larger = Arrays.copyOf(bytes.array(), capacity);
      bytes = ByteBuffer.wrap(larger).order(ByteOrder.LITTLE_ENDIAN).position(bytes.position());
    }
    return bytes;
  }

  int position() {
    return bytes.position();
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  void u8(int value) {
    room(1).put((byte) value);
  }

  void u32(int value) {
    room(4).putInt(value);
  }

  void u64(long value) {
    room(8).putLong(value);
  }

  void setU32(int position, int value) {
    bytes.putInt(position, value);
  }

  /** Seven bits in a byte, the lowest first; all bytes but the last have their highest bit set. */
  void varint(long value) {
    ByteBuffer to = room(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      to.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    to.put((byte) rest);
  }

  void uuid(UUID id) {
    room(16).putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
  }

  void string(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    varint(utf8.length);
    bytes(utf8, 0);
  }

  void bytes(byte[] array, int from) {
    room(array.length - from).put(array, from, array.length - from);
  }

  void map(Map<String, String> map) {
    varint(map.size());
    new TreeMap<>(map)
        .forEach(
            (key, value) -> {
              string(key);
              string(value);
            });
  }

  /** The CRC32C of all bytes from a position. */
  int checksum(int from) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), from, bytes.position() - from);
    return (int) crc.getValue();
  }
}
