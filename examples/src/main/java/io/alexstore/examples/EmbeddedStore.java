package io.alexstore.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.alexstore.store.AlexStore;
import io.alexstore.store.StoreCursor;
import io.alexstore.store.StoreSnapshot;
import io.alexstore.store.WriteBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/**
 * A durable map inside a Java program, whose directory Spark reads while it is open. Run: {@code
 * ./examples/run EmbeddedStore [directory]}.
 */
public final class EmbeddedStore {

  private EmbeddedStore() {}

  /**
   * Writes to a store, and reads it with Spark.
   *
   * @param args the store's directory; a new one unless told
   */
  public static void main(String[] args) throws IOException {
    Path directory =
        args.length > 0 ? Path.of(args[0]) : Files.createTempDirectory("alexstore-embedded");
    try (AlexStore store = AlexStore.open(directory)) {
      for (long order = 0; order < 100_000; order++) {
        store.put(order, ("order " + order).getBytes(UTF_8));
      }
      store.sync(); // All of it survives a crash from here on.
      System.out.println("42 is " + new String(store.get(42), UTF_8));

      try (StoreSnapshot before = store.snapshot()) {
        // Both, or none: for readers, and after a crash.
        store.write(new WriteBatch().put(42, "paid".getBytes(UTF_8)).delete(43));
        System.out.println("42 was " + new String(before.get(42), UTF_8));
        System.out.println("43 is " + (store.get(43) == null ? "gone" : "there"));
      }
      try (StoreCursor orders = store.scan(41, 45)) {
        while (orders.next()) {
          System.out.println(orders.longKey() + ": " + new String(orders.value(), UTF_8));
        }
      }

      store.flush(); // From here on others see it; the store goes on.
      store.put(42, "sent".getBytes(UTF_8));
      try (SparkSession spark =
          SparkSession.builder()
              .appName("EmbeddedStore")
              .master("local[*]")
              .config("spark.ui.enabled", false)
              .getOrCreate()) {
        spark
            .read()
            .format("alexstore")
            .load(directory.toString())
            .where("key BETWEEN 41 AND 45")
            .selectExpr("key", "CAST(value AS STRING) AS value")
            .show();
      }
      System.out.println(store.statistics());
    }
  }
}
