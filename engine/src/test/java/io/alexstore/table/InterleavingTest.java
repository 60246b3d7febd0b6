package io.alexstore.table;

import static io.alexstore.table.SteppedTransaction.PATH;
import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.log.Operation;
import io.alexstore.row.Cursor;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.schema.StringType;
import io.alexstore.testkit.CrashSimulatingFileStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * All orders in which the steps of two transactions can follow each other, for every pair of kinds:
 * read, write, validate, publish. What comes of it is what one after the other would have made of
 * the table, where those that were refused did nothing.
 */
class InterleavingTest {

  private static final int STEPS = 4;

  private static List<TransactionKind> kinds(boolean isUnique) {
    return Arrays.stream(TransactionKind.values())
        .filter(kind -> isUnique || kind.isOfSortKey())
        .toList();
  }

  /**
   * A table of two segments: of keys from 0 to 9 and from 10 to 19, or, with a sort key, of keys
   * from 0 to 17 and from 10 to 19, so that some come twice.
   */
  private static SortedMap<Long, List<String>> create(
      CrashSimulatingFileStore disk, boolean isUnique) throws IOException {
    SchemaBuilder columns =
        new SchemaBuilder().column("id", ScalarType.LONG).column("by", StringType.BINARY_ORDER);
    Schema schema = (isUnique ? columns.primaryKey("id") : columns.sortKey("id")).build();
    SortedMap<Long, List<String>> rows = new TreeMap<>();
    try (AlexTable table = AlexTable.create(disk, PATH, schema, Map.of())) {
      for (List<Long> keys : List.of(Tables.keys(0, isUnique ? 10 : 18), Tables.keys(10, 20))) {
        Tables.append(table, "old", keys);
        rows = TransactionKind.APPEND.apply(rows, "old", keys, isUnique);
      }
    }
    return rows;
  }

  private static SortedMap<Long, List<String>> rows(AlexTable table) {
    SortedMap<Long, List<String>> rows = new TreeMap<>();
    try (Cursor cursor = table.scan()) {
      while (cursor.next()) {
        rows.computeIfAbsent(cursor.row().getLong("id"), key -> new ArrayList<>())
            .add(cursor.row().getString("by"));
      }
    }
    rows.values().forEach(values -> values.sort(null));
    return rows;
  }

  /** Which of the two were refused, and how many compactions were committed. */
  private record Outcome(boolean a, boolean b, long compactions) {}

  /** Runs two transactions, of which in each step the one named by a bit goes on. */
  private static Outcome run(
      boolean isUnique,
      TransactionKind a,
      List<Long> keysA,
      TransactionKind b,
      List<Long> keysB,
      int order)
      throws Exception {
    var disk = new CrashSimulatingFileStore();
    SortedMap<Long, List<String>> before = create(disk, isUnique);
    var first = new SteppedTransaction(disk, a, "a", keysA);
    var second = new SteppedTransaction(disk, b, "b", keysB);
    for (int step = 0; step < 2 * STEPS; step++) {
      ((order >>> step & 1) == 0 ? first : second).step();
    }
    // Who lost a race has more steps to go.
    while (!first.isDone() || !second.isDone()) {
      first.step();
      second.step();
    }
    String what = a + keysA.toString() + " and " + b + keysB + " in order " + order(order);
    assertThat(first.failure()).as(what).isNull();
    assertThat(second.failure()).as(what).isNull();

    SortedMap<Long, List<String>> onlyA = a.apply(before, "a", keysA, isUnique);
    SortedMap<Long, List<String>> onlyB = b.apply(before, "b", keysB, isUnique);
    List<SortedMap<Long, List<String>>> allowed = new ArrayList<>();
    if (first.wasRefused() && second.wasRefused()) {
      allowed.add(before);
    } else if (second.wasRefused()) {
      allowed.add(onlyA);
    } else if (first.wasRefused()) {
      allowed.add(onlyB);
    } else {
      allowed.add(b.apply(onlyA, "b", keysB, isUnique));
      allowed.add(a.apply(onlyB, "a", keysA, isUnique));
    }
    try (AlexTable table = AlexTable.open(disk, PATH)) {
      SortedMap<Long, List<String>> after = rows(table);
      assertThat(after)
          .as(what + ", refused: " + first.wasRefused() + ", " + second.wasRefused())
          .isIn(allowed);
      assertThat(table.snapshot().rows())
          .as(what)
          .isEqualTo(after.values().stream().mapToInt(List::size).sum());
      assertThat(table.listOrphans()).as(what).isEmpty();
      long compactions =
          table.history().stream().filter(e -> e.operation().equals(Operation.COMPACT)).count();
      return new Outcome(first.wasRefused(), second.wasRefused(), compactions);
    }
  }

  private static String order(int order) {
    StringBuilder text = new StringBuilder();
    for (int step = 0; step < 2 * STEPS; step++) {
      text.append((order >>> step & 1) == 0 ? 'a' : 'b');
    }
    return text.toString();
  }

  private static List<Integer> orders() {
    List<Integer> orders = new ArrayList<>();
    for (int order = 0; order < 1 << (2 * STEPS); order++) {
      if (Integer.bitCount(order) == STEPS) {
        orders.add(order);
      }
    }
    return orders;
  }

  @Test
  void thereAre70Orders() {
    assertThat(orders()).hasSize(70);
  }

  @ParameterizedTest(name = "primaryKey: {0}")
  @ValueSource(booleans = {true, false})
  void whateverMeetsIsAsIfOneCameAfterTheOther(boolean isUnique) throws Exception {
    for (TransactionKind a : kinds(isUnique)) {
      for (TransactionKind b : kinds(isUnique)) {
        for (int order : orders()) {
          // Both have keys that are there and keys that are not, and have some in common.
          Outcome outcome =
              run(isUnique, a, List.of(15L, 18L, 22L, 25L), b, List.of(17L, 18L, 25L, 28L), order);
          requireCompaction(a, b, outcome);
        }
      }
    }
  }

  /** An overwrite may leave a compaction nothing to do. */
  private static void requireCompaction(TransactionKind a, TransactionKind b, Outcome outcome) {
    List<TransactionKind> both = List.of(a, b);
    if (both.contains(TransactionKind.COMPACT) && !both.contains(TransactionKind.OVERWRITE)) {
      assertThat(outcome.compactions()).as(a + " and " + b).isPositive();
    }
  }

  /** Rows of one segment, but not the same: all but an overwrite of the whole table go together. */
  @ParameterizedTest(name = "primaryKey: {0}")
  @ValueSource(booleans = {true, false})
  void whatDoesNotMeetIsNotRefused(boolean isUnique) throws Exception {
    for (TransactionKind a : kinds(isUnique)) {
      // The orders hold each pair the other way round, too.
      for (TransactionKind b : kinds(isUnique).subList(0, kinds(isUnique).indexOf(a) + 1)) {
        for (int order : orders()) {
          List<Long> keysA = a == TransactionKind.APPEND ? List.of(31L, 33L) : List.of(11L, 12L);
          List<Long> keysB = b == TransactionKind.APPEND ? List.of(35L, 37L) : List.of(16L, 17L);
          Outcome outcome = run(isUnique, a, keysA, b, keysB, order);
          String what = a + " and " + b + " in order " + order(order);
          if (!mayRefuse(isUnique, a, b)) {
            assertThat(outcome.a()).as(what).isFalse();
          }
          if (!mayRefuse(isUnique, b, a)) {
            assertThat(outcome.b()).as(what).isFalse();
          }
        }
      }
    }
  }

  /** Whether a transaction may be refused for another that changes other rows. */
  private static boolean mayRefuse(
      boolean isUnique, TransactionKind refused, TransactionKind other) {
    return switch (refused) {
      case COMPACT -> false; // It begins again.
      case OVERWRITE -> other != TransactionKind.COMPACT;
      // Their places are not known any more.
      case UPDATE, DELETE_ROWS ->
          other == TransactionKind.OVERWRITE || (!isUnique && other == TransactionKind.COMPACT);
      default -> other == TransactionKind.OVERWRITE;
    };
  }
}
