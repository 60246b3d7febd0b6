package io.alexstore.spark;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.get;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_keys;
import static org.apache.spark.sql.functions.map_values;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.try_variant_get;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/** What random predicates compare: columns, parts of nested ones, and casts of these. */
final class RandomTerms {

  /**
   * A term.
   *
   * @param column the expression
   * @param type its type
   * @param of its value in a row as Java objects, or null; null if that is not known
   * @param literals more literals to compare it with
   */
  record Term(
      Column column, DataType type, Function<Row, Object> of, Function<Random, Column> literals) {}

  private final RandomTable table;
  private final Random random;
  private final boolean ansi;

  /**
   * Terms over a table.
   *
   * @param ansi whether a cast that fails is an error, so that it must be tried
   */
  RandomTerms(RandomTable table, boolean ansi) {
    this.table = table;
    this.random = table.random;
    this.ansi = ansi;
  }

  /** A column of the key. */
  Term key(int i) {
    return column(i);
  }

  /** Anything, often of the key. */
  Term next() {
    Term term = column(random.nextInt(random.nextBoolean() ? table.keySize : table.fields.size()));
    while (isNested(term.type()) && random.nextInt(4) != 0) {
      term = part(term);
    }
    return isNested(term.type()) || random.nextInt(4) != 0 ? term : cast(term);
  }

  /** A column or a part of one. */
  Term path() {
    Term term = column(random.nextInt(table.fields.size()));
    while (isNested(term.type()) && random.nextInt(5) != 0) {
      term = part(term);
    }
    return term;
  }

  private Term column(int i) {
    StructField field = table.fields.get(i);
    Column column = col(field.name());
    if (table.variants.contains(field.name())) {
      // Its rows are made of JSON: what that is as a variant is Spark's to know.
      String path = List.of("$", "$.a", "$.b", "$[0]", "$[1].a").get(random.nextInt(5));
      String type = List.of("string", "int", "boolean").get(random.nextInt(3));
      Column part = try_variant_get(column, path, type);
      return term(part, DataType.fromDDL(type), null);
    }
    return term(column, field.dataType(), row -> row.get(i));
  }

  private Term term(Column column, DataType type, Function<Row, Object> of) {
    return new Term(column, type, of, r -> literal(value(type, of), type));
  }

  static boolean isNested(DataType type) {
    return type instanceof ArrayType || type instanceof MapType || type instanceof StructType;
  }

  // ---- parts

  private Term part(Term whole) {
    if (whole.type() instanceof StructType struct) {
      int i = random.nextInt(struct.length());
      StructField field = struct.fields()[i];
      return term(
          whole.column().getField(field.name()),
          field.dataType(),
          then(whole.of(), value -> ((Row) value).get(i)));
    } else if (whole.type() instanceof ArrayType list) {
      return partOfArray(whole, list);
    }
    MapType map = (MapType) whole.type();
    return switch (random.nextInt(4)) {
      case 0 -> term(size(whole.column()), DataTypes.IntegerType, null);
      case 1 ->
          term(
              map_keys(whole.column()),
              DataTypes.createArrayType(map.keyType(), true),
              then(whole.of(), value -> List.copyOf(((Map<?, ?>) value).keySet())));
      case 2 ->
          term(
              map_values(whole.column()),
              DataTypes.createArrayType(map.valueType(), true),
              then(whole.of(), value -> new ArrayList<>(((Map<?, ?>) value).values())));
      default -> {
        Object key = key(whole, map);
        yield term(
            whole.column().getItem(key),
            map.valueType(),
            then(whole.of(), value -> ((Map<?, ?>) value).get(key)));
      }
    };
  }

  private Object key(Term whole, MapType map) {
    Object some = value(map, whole.of());
    Map<?, ?> entries = (Map<?, ?>) some;
    return entries.isEmpty() || random.nextInt(5) == 0
        ? table.value(map.keyType())
        : entries.keySet().iterator().next();
  }

  private Term partOfArray(Term whole, ArrayType list) {
    int kind = random.nextInt(6);
    if (kind == 0) {
      return term(size(whole.column()), DataTypes.IntegerType, null);
    } else if (kind < 3 && list.elementType() instanceof StructType struct) {
      // One field of all elements.
      int i = random.nextInt(struct.length());
      StructField field = struct.fields()[i];
      return term(
          whole.column().getField(field.name()),
          DataTypes.createArrayType(field.dataType(), true),
          then(
              whole.of(),
              value -> {
                List<Object> parts = new ArrayList<>();
                ((List<?>) value).forEach(v -> parts.add(v == null ? null : ((Row) v).get(i)));
                return parts;
              }));
    }
    int i = random.nextInt(3);
    return term(
        get(whole.column(), lit(i)),
        list.elementType(),
        then(whole.of(), value -> i < ((List<?>) value).size() ? ((List<?>) value).get(i) : null));
  }

  private static Function<Row, Object> then(
      Function<Row, Object> whole, Function<Object, Object> part) {
    return whole == null
        ? null
        : row -> {
          Object value = whole.apply(row);
          return value == null ? null : part.apply(value);
        };
  }

  // ---- casts

  private Term cast(Term term) {
    List<DataType> types = targets(term.type());
    DataType type = types.get(random.nextInt(types.size()));
    boolean date = term.type() instanceof TimestampType && random.nextInt(4) == 0;
    return date
        ? new Term(to_date(term.column()), DataTypes.DateType, null, r -> to_date(literal(term)))
        : new Term(
            cast(term.column(), term.type(), type),
            type,
            null,
            // The literal as it is, or one of the other side's that the cast makes.
            r ->
                r.nextInt(3) == 0
                    ? literal(table.value(type), type)
                    : cast(literal(term), term.type(), type));
  }

  private Column cast(Column column, DataType from, DataType to) {
    return ansi && !Cast.canUpCast(from, to) ? column.try_cast(to) : column.cast(to);
  }

  private List<DataType> targets(DataType from) {
    List<DataType> types = new ArrayList<>(List.of(DataTypes.StringType));
    if (from instanceof NumericType || from instanceof StringType) {
      types.addAll(
          List.of(
              DataTypes.ByteType,
              DataTypes.ShortType,
              DataTypes.IntegerType,
              DataTypes.LongType,
              DataTypes.FloatType,
              DataTypes.DoubleType,
              DataTypes.createDecimalType(12, 3),
              DataTypes.createDecimalType(38, 6),
              DataTypes.BooleanType));
    }
    if (from instanceof StringType) {
      types.add(DataTypes.BinaryType);
    }
    boolean time =
        from instanceof DateType
            || from instanceof TimestampType
            || from instanceof TimestampNTZType;
    if (time || from instanceof StringType) {
      types.addAll(
          List.of(DataTypes.DateType, DataTypes.TimestampType, DataTypes.TimestampNTZType));
    }
    if (from instanceof BooleanType || from instanceof TimestampType) {
      types.addAll(List.of(DataTypes.LongType, DataTypes.DoubleType));
    }
    return types;
  }

  // ---- literals

  /** A literal to compare a term with. */
  Column literal(Term term) {
    return term.literals().apply(random);
  }

  /** A value of a term, mostly one that is there. */
  Object value(DataType type, Function<Row, Object> of) {
    Object value = null;
    if (of != null && !table.rows.isEmpty() && random.nextInt(4) != 0) {
      value = of.apply(table.rows.get(random.nextInt(table.rows.size())));
    }
    return value == null ? table.value(type) : value;
  }

  /** A value, as Java objects, as a literal. */
  static Column literal(Object value, DataType type) {
    if (value == null) {
      return lit(null).cast(type);
    } else if (type instanceof ArrayType list) {
      return array(
              ((List<?>) value)
                  .stream().map(v -> literal(v, list.elementType())).toArray(Column[]::new))
          .cast(type);
    } else if (type instanceof StructType fields) {
      Column[] parts = new Column[fields.length()];
      for (int i = 0; i < parts.length; i++) {
        StructField field = fields.fields()[i];
        parts[i] = literal(((Row) value).get(i), field.dataType()).as(field.name());
      }
      return struct(parts).cast(type);
    }
    return lit(value);
  }
}
