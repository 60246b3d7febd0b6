package io.alexstore.key;

import io.alexstore.key.KeyColumn.Coding;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Reads bounds of ranges back for people. A bound is a key, the beginning of one, or what comes
 * right after one of these ({@link KeyBytes#next}, {@link KeyBytes#successor}); which of them is
 * tried out, and bytes that are none are shown as they are.
 */
final class BoundFormat {
  private BoundFormat() {}

  static String lower(KeyCodec codec, byte[] bound) {
    if (bound.length == 0) {
      return "(-inf";
    }
    String plain = padded(codec, bound);
    if (plain != null) {
      return "[" + plain;
    }
    String before = parts(codec, before(bound));
    return before != null ? "(" + before : "[" + hex(bound);
  }

  static String upper(KeyCodec codec, byte[] bound) {
    if (bound == null) {
      return "+inf)";
    }
    String inclusive = bound[bound.length - 1] == 0 ? parts(codec, before(bound)) : null;
    if (inclusive != null) {
      return inclusive + "]";
    }
    String plain = padded(codec, bound);
    if (plain != null) {
      return plain + ")";
    }
    String before = parts(codec, before(bound));
    return before != null ? before + "]" : hex(bound) + ")";
  }

  private static String hex(byte[] bound) {
    int shown = Math.min(bound.length, 32);
    return "X'" + HexFormat.of().withUpperCase().formatHex(bound, 0, shown) + "'";
  }

  /** What a bound comes right after: without its last zero, or its last byte less by one. */
  private static byte[] before(byte[] bound) {
    int last = bound.length - 1;
    if (bound[last] == 0) {
      return Arrays.copyOf(bound, last);
    }
    byte[] result = bound.clone();
    result[last]--;
    return result;
  }

  /** As {@link #parts}, with the trailing zeros that {@link KeyBytes#successor} leaves away. */
  private static String padded(KeyCodec codec, byte[] bound) {
    for (int zeros = 0; zeros <= Coding.INT128.width; zeros++) {
      String parts = parts(codec, Arrays.copyOf(bound, bound.length + zeros));
      if (parts != null) {
        return parts;
      }
    }
    return null;
  }

  /** The columns that the bytes are, or null if they are not some whole columns. */
  private static String parts(KeyCodec codec, byte[] bound) {
    try {
      KeyReader reader = codec.reader().reset(bound, 0, bound.length);
      for (int i = 0; i < codec.columnCount(); i++) {
        int end = reader.columnEnd(i);
        if (!isCanonical(codec.column(i), reader, i, bound, end)) {
          return null;
        }
        if (end == bound.length) {
          return KeyFormat.format(codec, reader, i + 1);
        }
      }
      return null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static boolean isCanonical(
      KeyColumn column, KeyReader reader, int i, byte[] bytes, int end) {
    if (column.nullable() && column.width() > 0) {
      int start = end - column.width();
      if (bytes[start] == 0) {
        for (int at = start; at < end; at++) {
          if (bytes[at] != 0) {
            return false;
          }
        }
      } else if (bytes[start] != 1) {
        return false;
      }
    }
    return column.coding() != Coding.BOOLEAN
        || reader.isNull(i)
        || reader.getLong(i) == 0
        || reader.getLong(i) == 1;
  }
}
