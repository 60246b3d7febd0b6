package io.alexstore.benchmarks.peers;

import java.util.Locale;

/**
 * A format on a release of Spark. Each runs in a JVM of its own, since no release of Spark goes
 * with all of them; the class paths are those that Maven resolves for the modules in {@code
 * benchmarks/peers}.
 */
enum Peer {
  ALEXSTORE("alexstore", "alexstore-spark"),
  PARQUET("parquet", "parquet-hadoop"),
  DELTA("delta", "delta-spark"),
  ALEXSTORE_SPARK_4_1("alexstore, Spark 4.1", "alexstore-spark"),
  PARQUET_SPARK_4_1("parquet, Spark 4.1", "parquet-hadoop"),
  DELTA_SPARK_4_1("delta, Spark 4.1", "delta-spark"),
  ICEBERG("iceberg", "iceberg-spark");

  private final String label;
  private final String jar;

  Peer(String label, String jar) {
    this.label = label;
    this.jar = jar;
  }

  /** What the name of its jar begins with. */
  String jar() {
    return jar;
  }

  /** The name in results. */
  String label() {
    return label;
  }

  /** The module that has its class path. */
  String module() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether it is this project's own format. */
  boolean isOwn() {
    return this == ALEXSTORE || this == ALEXSTORE_SPARK_4_1;
  }
}
