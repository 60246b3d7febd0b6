package io.alexstore.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.error.CorruptFileException;
import io.alexstore.error.UnsupportedFormatException;
import io.alexstore.schema.IntervalType.Field;
import io.alexstore.testkit.Seeds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SchemaJsonTest {
  private static final List<ColumnType> PLAIN = plainTypes();

  private static List<ColumnType> plainTypes() {
    List<ColumnType> types = new ArrayList<>(List.of(ScalarType.values()));
    types.add(StringType.BINARY_ORDER);
    types.add(new StringType("UNICODE_CI"));
    types.add(new DecimalType(38, 18));
    types.add(new TimeType(6));
    for (Field start : Field.values()) {
      for (Field end : Field.values()) {
        if (start.compareTo(end) <= 0
            && (start.compareTo(Field.DAY) < 0) == (end.compareTo(Field.DAY) < 0)) {
          types.add(new IntervalType(start, end));
        }
      }
    }
    return types;
  }

  @Test
  void everyTypeComesBack() {
    SchemaBuilder builder = new SchemaBuilder().column("id", ScalarType.LONG, false);
    int n = 0;
    for (ColumnType type : PLAIN) {
      builder.column("plain" + n, type);
      builder.column("list" + n, SchemaBuilder.list(type));
      builder.column("map" + n, SchemaBuilder.map(type, type));
      builder.column("struct" + n, SchemaBuilder.struct(SchemaBuilder.field("f", type)));
      n++;
    }
    Schema schema = builder.primaryKey("id").build();
    assertThat(back(schema)).isEqualTo(schema);
  }

  @Test
  void nestedTypesComeBack() {
    Seeds.run(
        200,
        random -> {
          SchemaBuilder builder = new SchemaBuilder().column("é\"\n", ScalarType.INT);
          for (int i = random.nextInt(5); i > 0; i--) {
            String metadata = random.nextBoolean() ? "" : "{\"a\":\"\\u0000\"}";
            builder.column("c" + i, type(random, 5), random.nextBoolean(), metadata);
          }
          Schema schema = builder.sortKey("é\"\n").build();
          assertThat(back(schema)).isEqualTo(schema);
        });
  }

  private static ColumnType type(Random random, int depth) {
    return switch (depth == 0 ? 3 : random.nextInt(4)) {
      case 0 -> new ListType(1, type(random, depth - 1), random.nextBoolean());
      case 1 -> new MapType(1, type(random, 0), 1, type(random, depth - 1), random.nextBoolean());
      case 2 ->
          SchemaBuilder.struct(
              new Column(1, "a", type(random, depth - 1), random.nextBoolean()),
              SchemaBuilder.field("b", type(random, depth - 1)));
      default -> PLAIN.get(random.nextInt(PLAIN.size()));
    };
  }

  private static Schema back(Schema schema) {
    return SchemaJson.fromText(SchemaJson.toText(schema), "file");
  }

  @Test
  void textIsAsSpecified() {
    Schema schema =
        new Schema(
            3,
            List.of(
                new Column(1, "id", ScalarType.LONG, false),
                new Column(
                    2,
                    "tags",
                    new ListType(3, new DecimalType(10, 2), true),
                    true,
                    "{\"k\":1}",
                    Optional.of("[]"))),
            new TableKey(TableKey.Kind.PRIMARY, List.of(1)),
            5);
    String text =
        "{'id':3,'columns':[{'id':1,'name':'id','type':'long','nullable':false},"
            + "{'id':2,'name':'tags','type':{'type':'list','elementId':3,"
            + "'element':{'type':'decimal','precision':10,'scale':2},'elementNullable':true},"
            + "'nullable':true,'metadata':'{\\'k\\':1}','addedDefault':'[]'}],"
            + "'key':{'kind':'primary','columns':[{'id':1,'direction':'asc','nulls':'first'}]},'lastColumnId':5}";
    assertThat(SchemaJson.toText(schema)).isEqualTo(text.replace('\'', '"'));
    assertThat(back(schema)).isEqualTo(schema);
  }

  @Test
  void whatIsNotKnownIsToldFromWhatIsDamaged() {
    unsupported("'long'", "'geometry'", "name 'geometry'");
    unsupported("'long'", "{'type':'interval','start':'week','end':'day'}", "field 'week'");
    unsupported("'primary'", "'hash'", "kind of key 'hash'");
    corrupt("'long'", "7", "no JSON object but 7");
    corrupt("'long'", "{'type':'decimal','precision':39,'scale':0}", "decimal(39,0)");
    corrupt("'long'", "{'type':'decimal','precision':1e9,'scale':0}", "32-bit integer");
    corrupt("'long'", "{'type':'list','elementId':1}", "no field 'element'");
    corrupt("'nullable':false", "'nullable':0", "true or false");
    corrupt("'lastColumnId':1", "'lastColumnId':0", "lastColumnId 0");
    unsupported("'asc'", "'desc'", "order direction 'desc'");
    unsupported("'first'", "'last'", "order nulls 'last'");
    corrupt("[{'id':1,'dir", "[{'id':2,'dir", "key column id 2");
    corrupt("[{'id':1,'direction':'asc','nulls':'first'}]", "[]", "at least one column");
    corrupt("{'id'", "{'id", "no JSON");
  }

  private static String text(String from, String to) {
    String good =
        "{'id':0,'columns':[{'id':1,'name':'id','type':'long','nullable':false}],"
            + "'key':{'kind':'primary','columns':[{'id':1,'direction':'asc','nulls':'first'}]},'lastColumnId':1,'later':true}";
    assertThat(SchemaJson.fromText(good.replace('\'', '"'), "f").columns()).hasSize(1);
    assertThat(good).contains(from);
    return good.replace(from, to).replace('\'', '"');
  }

  private static void unsupported(String from, String to, String message) {
    assertThatThrownBy(() -> SchemaJson.fromText(text(from, to), "dir/seg-1"))
        .isInstanceOf(UnsupportedFormatException.class)
        .hasMessageContaining("dir/seg-1")
        .hasMessageContaining(message);
  }

  private static void corrupt(String from, String to, String message) {
    assertThatThrownBy(() -> SchemaJson.fromText(text(from, to), "dir/seg-1"))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("dir/seg-1")
        .hasMessageContaining(message);
  }

  @Test
  void builderGivesOutIdsInPreorder() {
    Schema schema =
        new SchemaBuilder()
            .column("a", SchemaBuilder.list(SchemaBuilder.map(ScalarType.INT, ScalarType.INT)))
            .column("b", SchemaBuilder.struct(SchemaBuilder.field("c", ScalarType.INT)))
            .column("d", ScalarType.INT)
            .primaryKey("d")
            .build();
    assertThat(schema.columns().stream().map(Column::id)).containsExactly(1, 5, 7);
    ListType list = (ListType) schema.columns().get(0).type();
    MapType map = (MapType) list.element();
    assertThat(List.of(list.elementId(), map.keyId(), map.valueId())).containsExactly(2, 3, 4);
    assertThat(schema.lastColumnId()).isEqualTo(7);
    assertThat(schema.columns().get(2).nullable()).isFalse();
    Set<Integer> ids = new HashSet<>(schema.key().columnIds());
    assertThat(ids).containsExactly(7);
  }

  @Test
  void builderRefusesKeysThatCannotBe() {
    SchemaBuilder builder = new SchemaBuilder().column("a", ScalarType.INT);
    refused(builder, "no key");
    refused(builder.primaryKey("b"), "'b', which is not one of [a]");
    refused(builder.primaryKey("a", "a"), "'a' twice");
    refused(builder.primaryKey(), "at least one column");
    assertThatThrownBy(() -> builder.column("a", ScalarType.INT))
        .hasMessageContaining("two columns 'a'");
  }

  private static void refused(SchemaBuilder builder, String message) {
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
