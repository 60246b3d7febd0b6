package io.alexstore.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.alexstore.error.CorruptFileException;
import io.alexstore.error.UnsupportedFormatException;
import io.alexstore.schema.SchemaJson;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** Entries as JSON on one line; the fields are those of {@code docs/format/log.md}. */
final class LogEntryJson {

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final HexFormat HEX = HexFormat.of();

  private LogEntryJson() {}

  // --- writing ---

  /** The entry as one line, without a line break. The same entry gives the same text. */
  static String format(LogEntry entry) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.setCodec(MAPPER);
      write(json, entry);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // A StringWriter does not fail.
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, LogEntry entry) throws IOException {
    json.writeStartObject();
    json.writeStringField("tableId", entry.tableId().toString());
    json.writeNumberField("version", entry.version());
    if (entry.parent().isPresent()) {
      json.writeStringField("parent", entry.parent().get().toString());
    }
    json.writeStringField("commitId", entry.commitId().toString());
    json.writeNumberField("timestampMs", entry.timestampMs());
    json.writeStringField("operation", entry.operation());
    writeMap(json, "summary", entry.summary());
    json.writeStringField("writer", entry.writer());
    writeStrings(json, "readerFeatures", entry.readerFeatures());
    writeStrings(json, "writerFeatures", entry.writerFeatures());
    if (entry.schema().isPresent()) {
      json.writeFieldName("schema");
      json.writeTree(SchemaJson.toJson(entry.schema().get()));
    }
    if (entry.properties().isPresent()) {
      writeMap(json, "properties", entry.properties().get());
    }
    json.writeArrayFieldStart("added");
    for (SegmentEntry segment : entry.added()) {
      write(json, segment);
    }
    json.writeEndArray();
    writeStrings(json, "removed", entry.removed().stream().map(UUID::toString).toList());
    if (!entry.deletions().isEmpty()) {
      json.writeArrayFieldStart("deletions");
      for (Map.Entry<UUID, Deletions> e : new TreeMap<>(entry.deletions()).entrySet()) {
        write(json, e.getKey(), e.getValue());
      }
      json.writeEndArray();
    }
    if (entry.source().isPresent()) {
      json.writeStringField("writerId", entry.source().get().writerId());
      json.writeNumberField("sequence", entry.source().get().sequence());
    }
    if (entry.expiredBefore() > 0) {
      json.writeNumberField("expiredBefore", entry.expiredBefore());
    }
    if (entry.owner().isPresent()) {
      json.writeStringField("owner", entry.owner().get());
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, SegmentEntry segment) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", segment.id().toString());
    json.writeStringField("path", segment.path());
    json.writeNumberField("schemaId", segment.schemaId());
    json.writeNumberField("rows", segment.rows());
    json.writeNumberField("bytes", segment.bytes());
    json.writeStringField("minKey", HEX.formatHex(segment.minKey()));
    json.writeStringField("maxKey", HEX.formatHex(segment.maxKey()));
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, UUID segment, Deletions deletions)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("segment", segment.toString());
    json.writeNumberField("rows", deletions.rows());
    if (deletions.path() == null) {
      json.writeStringField("vector", Base64.getEncoder().encodeToString(deletions.inline()));
    } else {
      json.writeStringField("path", deletions.path());
      json.writeNumberField("bytes", deletions.bytes());
    }
    json.writeEndObject();
  }

  private static void writeMap(JsonGenerator json, String name, Map<String, String> map)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, String> e : new TreeMap<>(map).entrySet()) {
      json.writeStringField(e.getKey(), e.getValue());
    }
    json.writeEndObject();
  }

  private static void writeStrings(JsonGenerator json, String name, List<String> strings)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String s : strings) {
      json.writeString(s);
    }
    json.writeEndArray();
  }

  // --- reading ---

  /**
   * The entry that a JSON text holds; fields that are not known are passed over.
   *
   * @param path the file, for errors
   * @throws CorruptFileException if it is no JSON, or a field is missing or cannot be
   * @throws UnsupportedFormatException if it needs a feature that this release does not know
   */
  static LogEntry parse(String path, String text) {
    try {
      JsonNode json = MAPPER.readTree(text);
      checkReaderFeatures(path, json);
      return parse(path, json);
    } catch (JsonProcessingException e) {
      throw new CorruptFileException(path, -1, "not valid JSON: " + e.getOriginalMessage());
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new CorruptFileException(path, -1, "a field cannot be: " + e.getMessage());
    }
  }

  private static void checkReaderFeatures(String path, JsonNode json) {
    // First of all: with a feature that is not known, nothing else need look as expected.
    LogFormat.checkFeatures(
        path, strings(json, "readerFeatures"), LogFormat.READER_FEATURES, "read");
  }

  private static LogEntry parse(String path, JsonNode json) {
    long version = number(json, "version");
    List<SegmentEntry> added = new ArrayList<>();
    for (JsonNode segment : array(json, "added")) {
      added.add(segment(segment, version));
    }
    return new LogEntry(
        uuid(json, "tableId"),
        version,
        json.has("parent") ? Optional.of(uuid(json, "parent")) : Optional.empty(),
        uuid(json, "commitId"),
        number(json, "timestampMs"),
        text(json, "operation"),
        map(json, "summary").orElse(Map.of()),
        text(json, "writer"),
        json.has("schema")
            ? Optional.of(SchemaJson.fromJson(json.get("schema"), path))
            : Optional.empty(),
        map(json, "properties"),
        strings(json, "readerFeatures"),
        strings(json, "writerFeatures"),
        added,
        strings(json, "removed").stream().map(LogEntryJson::uuid).toList(),
        deletions(json),
        source(json),
        json.has("expiredBefore") ? number(json, "expiredBefore") : 0,
        json.has("owner") ? Optional.of(text(json, "owner")) : Optional.empty());
  }

  private static Map<UUID, Deletions> deletions(JsonNode json) {
    Map<UUID, Deletions> deletions = new HashMap<>();
    if (json.has("deletions")) {
      for (JsonNode element : array(json, "deletions")) {
        UUID segment = uuid(element, "segment");
        if (deletions.put(segment, deletionsOf(element)) != null) {
          throw new IllegalArgumentException("segment " + segment + " has two deletion vectors");
        }
      }
    }
    return deletions;
  }

  private static Deletions deletionsOf(JsonNode json) {
    long rows = number(json, "rows");
    if (json.has("path")) {
      return Deletions.file(rows, text(json, "path"), Math.toIntExact(number(json, "bytes")));
    }
    byte[] vector = Base64.getDecoder().decode(text(json, "vector"));
    return new Deletions(rows, vector, null, vector.length);
  }

  private static Optional<CommitSource> source(JsonNode json) {
    return json.has("writerId") || json.has("sequence")
        ? Optional.of(new CommitSource(text(json, "writerId"), number(json, "sequence")))
        : Optional.empty();
  }

  private static SegmentEntry segment(JsonNode json, long version) {
    return new SegmentEntry(
        uuid(json, "id"),
        text(json, "path"),
        Math.toIntExact(number(json, "schemaId")),
        number(json, "rows"),
        number(json, "bytes"),
        HEX.parseHex(text(json, "minKey")),
        HEX.parseHex(text(json, "maxKey")),
        version);
  }

  private static JsonNode field(JsonNode json, String name) {
    JsonNode field = json.get(name);
    if (field == null) {
      throw new IllegalArgumentException("'" + name + "' is missing");
    }
    return field;
  }

  private static IllegalArgumentException wrong(String name, String expected, JsonNode found) {
    return new IllegalArgumentException("'" + name + "' is no " + expected + " but " + found);
  }

  private static String text(JsonNode json, String name) {
    JsonNode field = field(json, name);
    if (!field.isTextual()) {
      throw wrong(name, "string", field);
    }
    return field.textValue();
  }

  private static long number(JsonNode json, String name) {
    JsonNode field = field(json, name);
    if (!field.isIntegralNumber() || !field.canConvertToLong()) {
      throw wrong(name, "64-bit integer", field);
    }
    return field.longValue();
  }

  private static UUID uuid(JsonNode json, String name) {
    return uuid(text(json, name));
  }

  private static UUID uuid(String text) {
    return UUID.fromString(text);
  }

  private static JsonNode array(JsonNode json, String name) {
    JsonNode field = field(json, name);
    if (!field.isArray()) {
      throw wrong(name, "list", field);
    }
    return field;
  }

  private static List<String> strings(JsonNode json, String name) {
    List<String> strings = new ArrayList<>();
    for (JsonNode element : array(json, name)) {
      if (!element.isTextual()) {
        throw wrong(name, "list of strings", element);
      }
      strings.add(element.textValue());
    }
    return strings;
  }

  private static Optional<Map<String, String>> map(JsonNode json, String name) {
    JsonNode field = json.get(name);
    if (field == null) {
      return Optional.empty();
    }
    if (!field.isObject()) {
      throw wrong(name, "object", field);
    }
    Map<String, String> map = new TreeMap<>();
    field.fieldNames().forEachRemaining(key -> map.put(key, text(field, key)));
    return Optional.of(map);
  }
}
