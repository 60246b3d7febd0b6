package io.alexstore.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.alexstore.error.CorruptFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The JSON form of schemas, which segments and log entries hold; docs/format/schema.md specifies
 * it. Thread-safe.
 */
public final class SchemaJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private SchemaJson() {}

  /** A schema as a JSON object. */
  public static ObjectNode toJson(Schema schema) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("id", schema.id());
    ArrayNode columns = node.putArray("columns");
    schema.columns().forEach(column -> columns.add(TypeJson.toJson(column)));
    ObjectNode key = node.putObject("key");
    key.put("kind", schema.key().kind().name().toLowerCase(Locale.ROOT));
    ArrayNode ids = key.putArray("columns");
    for (int columnId : schema.key().columnIds()) {
      ids.addObject().put("id", columnId).put("direction", "asc").put("nulls", "first");
    }
    node.put("lastColumnId", schema.lastColumnId());
    if (!schema.checks().isEmpty()) {
      ArrayNode checks = node.putArray("checks");
      schema.checks().forEach(check -> checks.add(toJson(check)));
    }
    return node;
  }

  private static ObjectNode toJson(CheckConstraint check) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("name", check.name());
    node.put("dialect", check.dialect());
    node.put("expression", check.expression());
    ArrayNode ids = node.putArray("columns");
    check.columnIds().forEach(ids::add);
    return node;
  }

  /** A schema as JSON text. */
  public static String toText(Schema schema) {
    return toJson(schema).toString();
  }

  /**
   * The schema that a JSON object is. Fields that are not known are ignored.
   *
   * @param path the file that it comes from, for errors
   * @throws CorruptFileException if a field is missing or its value cannot be
   * @throws io.alexstore.error.UnsupportedFormatException if a type or kind of key is not known
   */
  public static Schema fromJson(JsonNode node, String path) {
    JsonFields fields = new JsonFields(node, path, "schema");
    int id = fields.integer("id");
    List<Column> columns = new ArrayList<>();
    for (JsonNode column : fields.array("columns")) {
      columns.add(TypeJson.column(column, path));
    }
    JsonFields key = new JsonFields(fields.get("key"), path, "key of the schema");
    String kindName = key.text("kind");
    TableKey.Kind kind =
        switch (kindName) {
          case "primary" -> TableKey.Kind.PRIMARY;
          case "sort" -> TableKey.Kind.SORT;
          default -> throw key.unsupported("kind of key '" + kindName + "'");
        };
    List<Integer> ids = new ArrayList<>();
    for (JsonNode column : key.array("columns")) {
      JsonFields part = new JsonFields(column, path, "key column of the schema");
      ids.add(part.integer("id"));
      requireOrder(part, "direction", "asc");
      requireOrder(part, "nulls", "first");
    }
    int lastColumnId = fields.integer("lastColumnId");
    List<CheckConstraint> checks = new ArrayList<>();
    if (fields.has("checks")) {
      for (JsonNode check : fields.array("checks")) {
        checks.add(check(new JsonFields(check, path, "CHECK constraint of the schema")));
      }
    }
    return fields.make(
        () -> new Schema(id, columns, new TableKey(kind, ids), lastColumnId, checks));
  }

  private static CheckConstraint check(JsonFields fields) {
    List<Integer> columns = new ArrayList<>();
    fields.array("columns").forEach(id -> columns.add(id.intValue()));
    String name = fields.text("name");
    String dialect = fields.text("dialect");
    String expression = fields.text("expression");
    return fields.make(() -> new CheckConstraint(name, dialect, expression, columns));
  }

  private static void requireOrder(JsonFields part, String name, String known) {
    String found = part.text(name);
    if (!found.equals(known)) {
      throw part.unsupported("order " + name + " '" + found + "'");
    }
  }

  /** The schema that a JSON text is; see {@link #fromJson}. */
  public static Schema fromText(String text, String path) {
    JsonNode node;
    try {
      node = MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new CorruptFileException(path, -1, "the schema is no JSON: " + e.getOriginalMessage());
    }
    return fromJson(node, path);
  }

  /** The empty text stands for no metadata and is not written. */
  static Optional<String> written(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }
}
