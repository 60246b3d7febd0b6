package io.alexstore.segment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/**
 * How keys stand in the key region: the metadata's {@code keyRegion}.
 *
 * @param kind the kind
 * @param width the bytes of an entry, 1 to 8, of {@link Kind#INT} and {@link Kind#GATHERED}
 * @param base what is added to an entry, of the same
 * @param length the bytes of each key, of {@link Kind#GATHERED} and {@link Kind#FIXED}
 * @param positions bit j says that byte j is stored, of {@link Kind#GATHERED}
 * @param template the bytes that are not stored, of {@link Kind#GATHERED}
 */
record KeyRegionSpec(Kind kind, int width, long base, int length, long positions, byte[] template) {

  /** The kinds of key regions. */
  enum Kind {
    INT,
    GATHERED,
    FIXED,
    VARIABLE;

    private final String text = name().toLowerCase(Locale.ROOT);
  }

  private static final byte[] NO_BYTES = {};

  static KeyRegionSpec ofInt(int width, long base) {
    return new KeyRegionSpec(Kind.INT, width, base, 0, 0, NO_BYTES);
  }

  static KeyRegionSpec gathered(int width, long base, long positions, byte[] template) {
    return new KeyRegionSpec(Kind.GATHERED, width, base, template.length, positions, template);
  }

  static KeyRegionSpec fixed(int length) {
    return new KeyRegionSpec(Kind.FIXED, 0, 0, length, 0, NO_BYTES);
  }

  static KeyRegionSpec variable() {
    return new KeyRegionSpec(Kind.VARIABLE, 0, 0, 0, 0, NO_BYTES);
  }

  /** The bytes that an unsigned number needs, at least 1. */
  static int widthOf(long unsigned) {
    return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(unsigned) + 7) / 8);
  }

  /** The smallest length in bytes of a region of so many keys. */
  long minLength(int rowCount) {
    return SegmentFormat.KEY_PADDING
        + switch (kind) {
          case INT, GATHERED -> (long) rowCount * width;
          case FIXED -> (long) rowCount * length;
          case VARIABLE -> SegmentFormat.align(4L * (rowCount + 1L));
        };
  }

  ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("kind", kind.text);
    if (kind == Kind.INT || kind == Kind.GATHERED) {
      json.put("width", width);
      json.put("base", base);
    }
    if (kind == Kind.GATHERED || kind == Kind.FIXED) {
      json.put("length", length);
    }
    if (kind == Kind.GATHERED) {
      json.put("positions", HexFormat.of().toHexDigits(positions));
      json.put("template", HexFormat.of().formatHex(template));
    }
    return json;
  }

  /**
   * Reads and checks.
   *
   * @throws IllegalArgumentException if it cannot be; the message says what
   */
  static KeyRegionSpec fromJson(JsonNode json) {
    String name = Json.text(json, "kind");
    Kind kind =
        Arrays.stream(Kind.values())
            .filter(k -> k.text.equals(name))
            .findFirst()
            .orElseThrow(
                () -> new IllegalArgumentException("the key region's kind is '" + name + "'"));
    return switch (kind) {
      case INT -> ofInt(width(json), Json.number(json, "base", Long.MIN_VALUE, Long.MAX_VALUE));
      case GATHERED -> {
        int length = (int) Json.number(json, "length", 1, SegmentFormat.MAX_GATHERED_LENGTH);
        long positions = HexFormat.fromHexDigitsToLong(Json.text(json, "positions"));
        byte[] template = HexFormat.of().parseHex(Json.text(json, "template"));
        int stored = Long.bitCount(positions);
        boolean inKey = length == Long.SIZE || positions >>> length == 0;
        if (template.length != length || stored < 1 || stored > 8 || !inKey) {
          throw new IllegalArgumentException(
              "the key region gathers "
                  + stored
                  + " bytes "
                  + Long.toHexString(positions)
                  + " of keys of "
                  + length
                  + " bytes, with a template of "
                  + template.length);
        }
        long base = Json.number(json, "base", Long.MIN_VALUE, Long.MAX_VALUE);
        yield gathered(width(json), base, positions, template);
      }
      case FIXED -> fixed((int) Json.number(json, "length", 0, Integer.MAX_VALUE));
      case VARIABLE -> variable();
    };
  }

  private static int width(JsonNode json) {
    return (int) Json.number(json, "width", 1, 8);
  }
}
