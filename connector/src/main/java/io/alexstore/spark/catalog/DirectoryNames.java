package io.alexstore.spark.catalog;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Names of tables and namespaces as names of directories. Letters and digits of ASCII, hyphens and
 * underscores stand for themselves; every other byte of the name in UTF-8 is a dot and its two
 * hexadecimal digits, and so is an underscore that a name begins with. So no name can leave its
 * directory or be taken for the catalog's own files, and a name means the same in a local path and
 * in a URI.
 */
final class DirectoryNames {

  /** What file systems agree on is 255. */
  private static final int MAX_LENGTH = 200;

  private static final HexFormat HEX = HexFormat.of();

  private DirectoryNames() {}

  /**
   * The directory of a name.
   *
   * @throws IllegalArgumentException if the name is empty or too long
   */
  static String encode(String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException(
          "A table or namespace with an empty name cannot be: give it a name");
    }
    StringBuilder encoded = new StringBuilder();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      if (isPlain((char) (b & 0xff)) && !(b == '_' && encoded.isEmpty())) {
        encoded.append((char) b);
      } else {
        encoded.append('.').append(HEX.toHexDigits(b));
      }
    }
    if (encoded.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "The name '"
              + name
              + "' would be a directory's name of "
              + encoded.length()
              + " characters, and at most "
              + MAX_LENGTH
              + " are possible (one for each ASCII letter, digit, hyphen and underscore, three for"
              + " each byte of others): choose a shorter one");
    }
    return encoded.toString();
  }

  /** The name whose directory this is; empty if it is that of no name. */
  static Optional<String> decode(String directory) {
    ByteBuffer bytes = ByteBuffer.allocate(directory.length());
    for (int i = 0; i < directory.length(); i++) {
      char c = directory.charAt(i);
      if (c != '.') {
        if (!isPlain(c)) {
          return Optional.empty();
        }
        bytes.put((byte) c);
      } else if (i + 2 < directory.length()
          && HexFormat.isHexDigit(directory.charAt(i + 1))
          && HexFormat.isHexDigit(directory.charAt(i + 2))) {
        bytes.put((byte) HexFormat.fromHexDigits(directory, i + 1, i + 3));
        i += 2;
      } else {
        return Optional.empty();
      }
    }
    try {
      byte[] name = Arrays.copyOf(bytes.array(), bytes.position());
      String decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name)).toString();
      // A directory that was not made for a name, such as one in upper-case hexadecimal digits.
      boolean made = !decoded.isEmpty() && encode(decoded).equals(directory);
      return made ? Optional.of(decoded) : Optional.empty();
    } catch (CharacterCodingException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static boolean isPlain(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }
}
