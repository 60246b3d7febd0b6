package io.alexstore.spark;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.Master$;
import org.apache.spark.deploy.worker.Worker$;
import org.apache.spark.rpc.RpcEnv;
import scala.Option;

/**
 * A standalone cluster of two workers which Spark takes for two machines: it runs a speculative
 * attempt on another one only. Their executors are processes of their own.
 */
final class TestCluster implements AutoCloseable {

  // All of 127.0.0.0/8 is this machine.
  private static final List<String> HOSTS = List.of("127.0.0.1", "127.0.0.2");

  private final List<RpcEnv> running = new ArrayList<>();
  private final String master;

  TestCluster(Path workDirectory) {
    SparkConf conf = new SparkConf().set("spark.master.rest.enabled", "false");
    RpcEnv env = Master$.MODULE$.startRpcEnvAndEndpoint(HOSTS.get(0), 0, 0, conf)._1();
    running.add(env);
    master = "spark://" + HOSTS.get(0) + ":" + env.address().port();
    for (int i = 0; i < HOSTS.size(); i++) {
      running.add(
          Worker$.MODULE$.startRpcEnvAndEndpoint(
              HOSTS.get(i),
              0,
              0,
              1,
              1024,
              new String[] {master},
              workDirectory.toString(),
              Option.<Object>apply(i),
              conf,
              Option.empty()));
    }
  }

  /** The master's URL. */
  String master() {
    return master;
  }

  /** Puts links to Spark's jars where executors look for them. */
  static void linkSparkJars() throws IOException {
    Path jars = Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path file = Path.of(entry).toAbsolutePath();
      if (entry.endsWith(".jar") && !file.getFileName().toString().startsWith("alexstore")) {
        try {
          Files.createSymbolicLink(jars.resolve(file.getFileName()), file);
        } catch (FileAlreadyExistsException e) {
          // From an earlier run.
        }
      }
    }
  }

  /** Where the classes of tests are, for executors that run some of them. */
  static String testClasses() {
    try {
      return Path.of(TestCluster.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    for (int i = running.size() - 1; i >= 0; i--) {
      running.get(i).shutdown();
      running.get(i).awaitTermination();
    }
  }
}
