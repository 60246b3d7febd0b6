package io.alexstore.spark.read;

import io.alexstore.schema.Schema;
import io.alexstore.spark.convert.SparkSchemas;
import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns that every table has besides its own: where a row stands. Among the places of a
 * table's columns they have negative ones.
 */
public final class MetadataColumns {

  /** The id of the segment that a row is in. */
  public static final String SEGMENT = "_segment";

  /** A row's position in its segment, from 0. */
  public static final String POSITION = "_position";

  static final int SEGMENT_PLACE = -1;
  static final int POSITION_PLACE = -2;

  private MetadataColumns() {}

  /** All of them. */
  public static List<StructField> all() {
    return List.of(field(SEGMENT_PLACE), field(POSITION_PLACE));
  }

  /** The place of one by its name. */
  public static int place(String name) {
    return switch (name) {
      case SEGMENT -> SEGMENT_PLACE;
      case POSITION -> POSITION_PLACE;
      default -> throw new IllegalArgumentException("There is no column '" + name + "'");
    };
  }

  /** Whether a place is one of these, not one of the table's own. */
  public static boolean isMetadata(int place) {
    return place < 0;
  }

  /**
   * Columns by their places.
   *
   * @param places of a table's own columns in its schema, or of metadata columns
   */
  public static StructType select(Schema schema, List<Integer> places) {
    StructField[] own = SparkSchemas.toSpark(schema).fields();
    return new StructType(
        places.stream()
            .map(place -> isMetadata(place) ? field(place) : own[place])
            .toArray(StructField[]::new));
  }

  /** The column in a place. */
  public static StructField field(int place) {
    return place == SEGMENT_PLACE
        ? DataTypes.createStructField(SEGMENT, DataTypes.StringType, false)
        : DataTypes.createStructField(POSITION, DataTypes.IntegerType, false);
  }
}
