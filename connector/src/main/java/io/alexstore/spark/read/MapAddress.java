package io.alexstore.spark.read;

import java.lang.reflect.Field;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Strings that point into a map rather than copy out of it. They are valid while the map is: until
 * the task ends.
 */
final class MapAddress {

  /** Where a buffer keeps its address; -1 if this JVM does not tell. */
  private static final long ADDRESS_OFFSET = addressOffset();

  private MapAddress() {}

  private static long addressOffset() {
    try {
      // By reflection, since a mention of Unsafe is a warning that cannot be suppressed.
      Class<?> unsafeClass = Class.forName("sun.misc.Unsafe");
      Field instance = unsafeClass.getDeclaredField("theUnsafe");
      instance.setAccessible(true);
      Field address = Buffer.class.getDeclaredField("address");
      return (long)
          unsafeClass
              .getMethod("objectFieldOffset", Field.class)
              .invoke(instance.get(null), address);
    } catch (ReflectiveOperationException | RuntimeException e) {
      return -1;
    }
  }

  /** The address of a buffer's first byte; 0 if it is not known, and then strings are copied. */
  static long of(ByteBuffer buffer) {
    return buffer.isDirect() && ADDRESS_OFFSET >= 0 ? Platform.getLong(buffer, ADDRESS_OFFSET) : 0;
  }

  /**
   * The string that stands in the map at a range of bytes.
   *
   * @param address the address of the map, not 0
   * @param range its offset {@code << 32 |} its length
   */
  static UTF8String string(long address, long range) {
    return UTF8String.fromAddress(null, address + (range >>> 32), (int) range);
  }
}
