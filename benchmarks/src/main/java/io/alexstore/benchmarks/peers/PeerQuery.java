package io.alexstore.benchmarks.peers;

import io.alexstore.benchmarks.spark.Events;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** What is asked of a table, beside joins. */
enum PeerQuery {
  KEY("id = k") {
    @Override
    String sql(SplittableRandom random, long rows) {
      return "SELECT * FROM %s WHERE id = " + key(random, rows);
    }
  },
  FUNCTIONS("functions of a row, id = k") {
    @Override
    String sql(SplittableRandom random, long rows) {
      return "SELECT upper(name), amount * 2 FROM %s WHERE id = " + key(random, rows);
    }
  },
  IN_100("id IN (100 keys)") {
    @Override
    String sql(SplittableRandom random, long rows) {
      return in(random, rows, 100);
    }
  },
  IN_1000("id IN (1000 keys)") {
    @Override
    String sql(SplittableRandom random, long rows) {
      return in(random, rows, 1000);
    }
  },
  RANGE("0.1 % range, aggregated") {
    @Override
    String sql(SplittableRandom random, long rows) {
      return "SELECT count(*), sum(amount), max(ts) FROM %s WHERE " + range(random);
    }
  },
  RANGE_COUNT("0.1 % range, counted") {
    @Override
    String sql(SplittableRandom random, long rows) {
      return "SELECT count(*) FROM %s WHERE " + range(random);
    }
  },
  GROUP_BY("group by, full scan") {
    @Override
    String sql(SplittableRandom random, long rows) {
      return "SELECT category, count(*), sum(amount) FROM %s GROUP BY category";
    }
  },
  COUNT("count(*)") {
    @Override
    String sql(SplittableRandom random, long rows) {
      return "SELECT count(*) FROM %s";
    }
  };

  private final String measure;

  PeerQuery(String measure) {
    this.measure = measure;
  }

  /** What it is called in results. */
  String measure() {
    return measure;
  }

  /** Another query of this kind, with {@code %s} for the table's name. */
  abstract String sql(SplittableRandom random, long rows);

  private static long key(SplittableRandom random, long rows) {
    return Events.id(random.nextLong(rows));
  }

  private static String in(SplittableRandom random, long rows, int keys) {
    return random
        .longs(keys, 0, rows)
        .mapToObj(i -> Long.toString(Events.id(i)))
        .collect(Collectors.joining(", ", "SELECT * FROM %s WHERE id IN (", ")"));
  }

  private static String range(SplittableRandom random) {
    long width = Long.MAX_VALUE / 500;
    long from = random.nextLong(Long.MIN_VALUE, Long.MAX_VALUE - width);
    return String.format(Locale.ROOT, "id BETWEEN %d AND %d", from, from + width);
  }
}
