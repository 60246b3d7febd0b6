package io.alexstore.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The JSON form of columns and types; docs/format/schema.md specifies it. */
final class TypeJson {
  private TypeJson() {}

  static ObjectNode toJson(Column column) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("id", column.id());
    node.put("name", column.name());
    node.set("type", toJson(column.type()));
    node.put("nullable", column.nullable());
    SchemaJson.written(column.metadata()).ifPresent(text -> node.put("metadata", text));
    column.addedDefault().ifPresent(text -> node.put("addedDefault", text));
    return node;
  }

  static JsonNode toJson(ColumnType type) {
    if (type instanceof ScalarType scalar) {
      return TextNode.valueOf(name(scalar));
    }
    if (type instanceof StringType string && string.isBinaryOrder()) {
      return TextNode.valueOf("string");
    }
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    if (type instanceof StringType string) {
      node.put("type", "string").put("collation", string.collation());
    } else if (type instanceof DecimalType decimal) {
      node.put("type", "decimal");
      node.put("precision", decimal.precision()).put("scale", decimal.scale());
    } else if (type instanceof TimeType time) {
      node.put("type", "time").put("precision", time.precision());
    } else if (type instanceof IntervalType interval) {
      node.put("type", "interval");
      node.put("start", name(interval.start())).put("end", name(interval.end()));
    } else if (type instanceof StructType struct) {
      ArrayNode fields = node.put("type", "struct").putArray("fields");
      struct.fields().forEach(field -> fields.add(toJson(field)));
    } else if (type instanceof ListType list) {
      node.put("type", "list").put("elementId", list.elementId());
      node.set("element", toJson(list.element()));
      node.put("elementNullable", list.elementNullable());
    } else if (type instanceof MapType map) {
      node.put("type", "map").put("keyId", map.keyId());
      node.set("key", toJson(map.key()));
      node.put("valueId", map.valueId());
      node.set("value", toJson(map.value()));
      node.put("valueNullable", map.valueNullable());
    }
    return node;
  }

  static Column column(JsonNode node, String path) {
    JsonFields fields = new JsonFields(node, path, "column of the schema");
    int id = fields.integer("id");
    String name = fields.text("name");
    ColumnType type = type(fields.get("type"), path, "type of column '" + name + "'");
    boolean nullable = fields.bool("nullable");
    String metadata = fields.has("metadata") ? fields.text("metadata") : "";
    Optional<String> addedDefault =
        fields.has("addedDefault") ? Optional.of(fields.text("addedDefault")) : Optional.empty();
    return fields.make(() -> new Column(id, name, type, nullable, metadata, addedDefault));
  }

  private static ColumnType type(JsonNode node, String path, String what) {
    ObjectNode wrapped = null;
    if (node.isTextual()) {
      // The short form of a type without parameters; reading it as the long form shares the errors.
      wrapped = JsonNodeFactory.instance.objectNode();
      wrapped.set("type", node);
    }
    JsonFields fields = new JsonFields(wrapped == null ? node : wrapped, path, what);
    String name = fields.text("type");
    for (ScalarType scalar : ScalarType.values()) {
      if (name(scalar).equals(name)) {
        return scalar;
      }
    }
    return fields.make(
        () ->
            switch (name) {
              case "string" ->
                  fields.has("collation")
                      ? new StringType(fields.text("collation"))
                      : StringType.BINARY_ORDER;
              case "decimal" ->
                  new DecimalType(fields.integer("precision"), fields.integer("scale"));
              case "time" -> new TimeType(fields.integer("precision"));
              case "interval" -> new IntervalType(field(fields, "start"), field(fields, "end"));
              case "struct" -> {
                List<Column> columns = new ArrayList<>();
                for (JsonNode field : fields.array("fields")) {
                  columns.add(column(field, path));
                }
                yield new StructType(columns);
              }
              case "list" ->
                  new ListType(
                      fields.integer("elementId"),
                      type(fields.get("element"), path, what),
                      fields.bool("elementNullable"));
              case "map" ->
                  new MapType(
                      fields.integer("keyId"),
                      type(fields.get("key"), path, what),
                      fields.integer("valueId"),
                      type(fields.get("value"), path, what),
                      fields.bool("valueNullable"));
              default -> throw fields.unsupported("name '" + name + "'");
            });
  }

  private static IntervalType.Field field(JsonFields fields, String end) {
    String name = fields.text(end);
    for (IntervalType.Field field : IntervalType.Field.values()) {
      if (name(field).equals(name)) {
        return field;
      }
    }
    throw fields.unsupported("interval field '" + name + "'");
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
