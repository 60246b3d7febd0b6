package io.alexstore.segment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.alexstore.error.CorruptFileException;
import io.alexstore.error.UnsupportedFormatException;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * A segment's metadata: the JSON that docs/format/segment.md specifies.
 *
 * @param writer the program and release that wrote the file
 * @param schema the schema at writing
 * @param rowCount the number of rows, at least 1
 * @param rowGroupShift log2 of the rows of a row group, 0 to 16
 * @param nodeCount the chunks of a row group
 * @param directory where the chunk directory stands
 * @param keys where the key region stands
 * @param index where the index stands
 * @param statistics where the columns' statistics stand; null if there are none
 * @param keyRegion how keys stand in their region
 */
record SegmentMetadata(
    UUID tableId,
    UUID segmentId,
    String writer,
    Schema schema,
    int rowCount,
    int rowGroupShift,
    int nodeCount,
    Section directory,
    Section keys,
    Section index,
    Section statistics,
    KeyRegionSpec keyRegion) {

  /**
   * A part of the file.
   *
   * @param offset in bytes from the file's start
   * @param length in bytes
   */
  record Section(int offset, int length) {}

  private static final ObjectMapper MAPPER = new ObjectMapper();

  byte[] toJson() {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("tableId", tableId.toString());
    json.put("segmentId", segmentId.toString());
    json.put("writer", writer);
    json.putArray("requiredFeatures");
    json.putArray("optionalFeatures");
    json.set("schema", SchemaJson.toJson(schema));
    json.put("rowCount", rowCount);
    json.put("rowGroupShift", rowGroupShift);
    json.put("nodeCount", nodeCount);
    json.put("keyCodec", SegmentFormat.KEY_CODEC_VERSION);
    put(json, "directory", directory);
    put(json, "keys", keys);
    put(json, "index", index);
    if (statistics != null) {
      put(json, "statistics", statistics);
    }
    json.set("keyRegion", keyRegion.toJson());
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void put(ObjectNode json, String name, Section section) {
    json.putObject(name).put("offset", section.offset()).put("length", section.length());
  }

  /**
   * Reads and checks the metadata.
   *
   * @param at where it stands in the file, for errors
   * @param bodyLength where the sections must end
   */
  static SegmentMetadata fromJson(String path, int at, byte[] bytes, int bodyLength) {
    JsonNode json;
    try {
      json = MAPPER.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new CorruptFileException(
          path, at, "the metadata is no JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new CorruptFileException(path, at, "the metadata is no JSON: " + e.getMessage());
    }
    for (JsonNode feature : json.path("requiredFeatures")) {
      throw new UnsupportedFormatException(
          path, "it requires the feature " + feature + ", and this release knows none");
    }
    try {
      long codec = Json.number(json, "keyCodec", 0, Integer.MAX_VALUE);
      if (codec != SegmentFormat.KEY_CODEC_VERSION) {
        throw new UnsupportedFormatException(
            path, "its keys are encoded by version " + codec + "; this release knows 1");
      }
      var metadata =
          new SegmentMetadata(
              UUID.fromString(Json.text(json, "tableId")),
              UUID.fromString(Json.text(json, "segmentId")),
              Json.text(json, "writer"),
              SchemaJson.fromJson(Json.object(json, "schema"), path),
              (int) Json.number(json, "rowCount", 1, Integer.MAX_VALUE),
              (int) Json.number(json, "rowGroupShift", 0, SegmentFormat.MAX_ROW_GROUP_SHIFT),
              (int) Json.number(json, "nodeCount", 0, Integer.MAX_VALUE),
              section(json, "directory", bodyLength),
              section(json, "keys", bodyLength),
              section(json, "index", bodyLength),
              json.has("statistics") ? section(json, "statistics", bodyLength) : null,
              KeyRegionSpec.fromJson(Json.object(json, "keyRegion")));
      metadata.check();
      return metadata;
    } catch (IllegalArgumentException e) {
      throw new CorruptFileException(path, at, e.getMessage());
    }
  }

  private static Section section(JsonNode json, String name, int bodyLength) {
    JsonNode section = Json.object(json, name);
    int offset = (int) Json.number(section, "offset", 0, bodyLength);
    if (offset % SegmentFormat.ALIGNMENT != 0) {
      throw new IllegalArgumentException(
          "the section '" + name + "' starts at " + offset + ", which is no multiple of 8");
    }
    return new Section(offset, (int) Json.number(section, "length", 0, bodyLength - offset));
  }

  private void check() {
    long entries = (long) rowGroupCount() * nodeCount * SegmentFormat.DIRECTORY_ENTRY_SIZE;
    if (directory.length() != entries) {
      throw new IllegalArgumentException(
          "the directory has " + directory.length() + " bytes, not " + entries);
    }
    long needed = keyRegion.minLength(rowCount);
    if (keys.length() < needed) {
      throw new IllegalArgumentException(
          "the key region has " + keys.length() + " bytes, less than " + needed);
    }
  }

  int rowGroupCount() {
    return (int) (((long) rowCount + (1L << rowGroupShift) - 1) >>> rowGroupShift);
  }

  /** The number of rows in a group. */
  int rowsOf(int group) {
    return (int) Math.min(1L << rowGroupShift, rowCount - ((long) group << rowGroupShift));
  }
}
