package io.alexstore.log;

import io.alexstore.error.CorruptFileException;
import io.alexstore.error.UnsupportedFormatException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * What stands around an entry's JSON: a first line with the format's version and a last line with
 * the checksum of everything before it. The frame is the same in every format, so a reader knows an
 * entry that is too new from one that is damaged.
 */
final class LogFrame {

  private static final int CHECKSUM_DIGITS = 8;
  private static final int LAST_LINE_LENGTH = LogFormat.LAST_LINE.length() + CHECKSUM_DIGITS + 1;

  private LogFrame() {}

  /** The whole file around a JSON text, which must have no line break. */
  static byte[] wrap(String json) {
    byte[] body =
        (LogFormat.FIRST_LINE + LogFormat.VERSION + "\n" + json + "\n")
            .getBytes(StandardCharsets.UTF_8);
    byte[] last = lastLine(body, body.length);
    byte[] file = new byte[body.length + last.length];
    System.arraycopy(body, 0, file, 0, body.length);
    System.arraycopy(last, 0, file, body.length, last.length);
    return file;
  }

  private static byte[] lastLine(byte[] body, int length) {
    CRC32C crc = new CRC32C();
    crc.update(body, 0, length);
    String digits = HexFormat.of().toHexDigits((int) crc.getValue());
    return (LogFormat.LAST_LINE + digits + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * The JSON of a whole file.
   *
   * @throws CorruptFileException if it is no log entry, was truncated, or is damaged
   * @throws UnsupportedFormatException if it is sound, but of a newer format
   */
  static String unwrap(String path, byte[] file) {
    byte[] magic = LogFormat.FIRST_LINE.getBytes(StandardCharsets.US_ASCII);
    if (!startsWith(file, magic)) {
      throw new CorruptFileException(
          path,
          0,
          startOf(file, magic)
              ? "truncated: it has " + file.length + " bytes, less than its first line"
              : "not a log entry: it does not start with '" + LogFormat.FIRST_LINE + "'");
    }
    int bodyLength = file.length - LAST_LINE_LENGTH;
    if (bodyLength < magic.length || !isLastLine(file, bodyLength)) {
      throw new CorruptFileException(
          path,
          Math.max(bodyLength, 0),
          "truncated: its "
              + file.length
              + " bytes do not end with a line '"
              + LogFormat.LAST_LINE
              + "<8 hex digits>'");
    }
    byte[] expected = lastLine(file, bodyLength);
    if (!startsWithAt(file, bodyLength, expected)) {
      throw new CorruptFileException(
          path,
          0,
          "its checksum is wrong: the last line says '"
              + line(file, bodyLength)
              + "', its bytes give '"
              + line(expected, 0)
              + "'");
    }
    return body(path, file, magic.length, bodyLength);
  }

  private static String body(String path, byte[] file, int start, int end) {
    int lineEnd = indexOfLineEnd(file, start, end);
    String version = new String(file, start, lineEnd - start, StandardCharsets.US_ASCII);
    if (!version.equals(Integer.toString(LogFormat.VERSION))) {
      throw new UnsupportedFormatException(
          path,
          "it has log format '"
              + version
              + "', and this release reads format "
              + LogFormat.VERSION);
    }
    int jsonEnd = Math.max(end - 1, lineEnd + 1);
    return new String(file, lineEnd + 1, jsonEnd - lineEnd - 1, StandardCharsets.UTF_8);
  }

  private static int indexOfLineEnd(byte[] file, int start, int end) {
    int i = start;
    while (i < end - 1 && file[i] != '\n') {
      i++;
    }
    return i;
  }

  private static boolean isLastLine(byte[] file, int offset) {
    byte[] last = LogFormat.LAST_LINE.getBytes(StandardCharsets.US_ASCII);
    return startsWithAt(file, offset, last) && file[file.length - 1] == '\n';
  }

  private static String line(byte[] file, int offset) {
    return new String(file, offset, LAST_LINE_LENGTH - 1, StandardCharsets.ISO_8859_1);
  }

  private static boolean startsWith(byte[] file, byte[] prefix) {
    return startsWithAt(file, 0, prefix);
  }

  private static boolean startsWithAt(byte[] file, int offset, byte[] prefix) {
    if (file.length - offset < prefix.length) {
      return false;
    }
    for (int i = 0; i < prefix.length; i++) {
      if (file[offset + i] != prefix[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean startOf(byte[] file, byte[] whole) {
    return file.length < whole.length && startsWith(whole, file);
  }
}
