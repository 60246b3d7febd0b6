package io.alexstore.segment;

import io.alexstore.schema.Column;
import io.alexstore.schema.PhysicalType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.StringType;
import io.alexstore.schema.TableKey;
import io.alexstore.schema.Values;
import io.alexstore.segment.chunk.Bound;
import io.alexstore.segment.chunk.ChunkEntry;
import io.alexstore.segment.chunk.ColumnCounter;
import io.alexstore.segment.chunk.NodeTree;
import java.util.ArrayList;
import java.util.List;

/** Gathers what a segment will tell of its columns while it is written. Not thread-safe. */
final class StatisticsBuilder {

  /** Of so many columns at most, the first ones, so that all segments tell of the same. */
  static final int MAX_COLUMNS = 256;

  /** A column that is not of the key. */
  private static final class Valued {
    private final Column column;
    private final ColumnCounter counter = new ColumnCounter();
    private int nulls;
    private boolean hasBounds;
    private ChunkEntry least;
    private ChunkEntry greatest;

    private Valued(Column column) {
      this.column = column;
    }

    private void add(ChunkEntry chunk) {
      nulls += chunk.nullCount();
      if (ColumnStatistics.hasBounds(column.type()) && chunk.hasMin() && chunk.hasMax()) {
        least = !hasBounds || compare(min(chunk), min(least)) < 0 ? chunk : least;
        greatest = !hasBounds || compare(max(chunk), max(greatest)) > 0 ? chunk : greatest;
        hasBounds = true;
      }
    }

    private Comparable<?> min(ChunkEntry chunk) {
      return switch (column.type().physical()) {
        case FLOAT32, FLOAT64 -> chunk.minDouble();
        case INT128 -> chunk.minBigInteger();
        default -> (Long) chunk.minLong();
      };
    }

    private Comparable<?> max(ChunkEntry chunk) {
      return switch (column.type().physical()) {
        case FLOAT32, FLOAT64 -> chunk.maxDouble();
        case INT128 -> chunk.maxBigInteger();
        default -> (Long) chunk.maxLong();
      };
    }

    @SuppressWarnings("unchecked")
    private static int compare(Comparable<?> a, Comparable<?> b) {
      return ((Comparable<Object>) a).compareTo(b);
    }

    private static Bound bound(PhysicalType physical, Bound bound, double number) {
      return physical == PhysicalType.FLOAT32 || physical == PhysicalType.FLOAT64
          ? new Bound(Bound.MAX_LENGTH, Double.doubleToRawLongBits(number + 0.0), 0)
          : bound;
    }

    private ColumnStatistics finish() {
      PhysicalType physical = column.type().physical();
      return new ColumnStatistics(
          column.id(),
          nulls,
          false,
          counter.sketch().toBytes(),
          hasBounds,
          hasBounds ? bound(physical, least.min(), least.minDouble()) : ColumnStatistics.NO_BOUND,
          hasBounds
              ? bound(physical, greatest.max(), greatest.maxDouble())
              : ColumnStatistics.NO_BOUND,
          physical == PhysicalType.BYTES,
          counter.length(),
          counter.maxLength());
    }
  }

  private final Valued[] ofColumn;
  private final Valued[] ofNode;
  private final List<KeyCounter> ofKey = new ArrayList<>();

  StatisticsBuilder(Schema schema, NodeTree tree) {
    List<Column> columns = schema.columns();
    ofColumn = new Valued[columns.size()];
    ofNode = new Valued[tree.nodeCount()];
    boolean isUnique =
        schema.key().kind() == TableKey.Kind.PRIMARY && schema.key().columnIds().size() == 1;
    int told = 0;
    for (int i = 0; i < ofColumn.length && told < MAX_COLUMNS; i++) {
      Column column = columns.get(i);
      if (!isTold(column)) {
        continue;
      }
      told++;
      int node = tree.nodeOf(i);
      if (node < 0) {
        ofKey.add(new KeyCounter(column, i, isUnique));
      } else {
        ofColumn[i] = new Valued(column);
        ofNode[node] = ofColumn[i];
      }
    }
  }

  /** Strings that differ may be equal by other collations than the binary one. */
  private static boolean isTold(Column column) {
    return ColumnStatistics.isOf(column.type())
        && (!(column.type() instanceof StringType string) || string.isBinaryOrder());
  }

  /** Who gets to know the values of a column; null for nobody. */
  ColumnCounter counter(int column) {
    return ofColumn[column] == null ? null : ofColumn[column].counter;
  }

  /** Takes the key of a row. */
  void key(Values row) {
    for (int i = 0; i < ofKey.size(); i++) {
      ofKey.get(i).add(row);
    }
  }

  /** Takes what is known of a chunk. */
  void chunk(int node, ChunkEntry chunk) {
    if (ofNode[node] != null) {
      ofNode[node].add(chunk);
    }
  }

  /** The section. */
  byte[] toBytes() {
    List<ColumnStatistics> columns = new ArrayList<>();
    for (KeyCounter key : ofKey) {
      columns.add(key.finish());
    }
    for (Valued valued : ofColumn) {
      if (valued != null) {
        columns.add(valued.finish());
      }
    }
    return SegmentStatistics.toBytes(columns);
  }
}
