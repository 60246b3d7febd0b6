package io.alexstore.io.hadoop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.hdfs.MiniDFSCluster;

/** One HDFS for all tests of this JVM: a name node and a data node in this process. */
public final class Hdfs {

  private static MiniDFSCluster cluster;

  private Hdfs() {}

  private static synchronized MiniDFSCluster cluster() throws IOException {
    if (cluster == null) {
      Path target = Files.createDirectories(Path.of("target"));
      Path directory = Files.createTempDirectory(target, "hdfs-").toAbsolutePath();
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> FileUtil.fullyDelete(directory.toFile())));
      Configuration configuration = new Configuration();
      configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, directory.toString());
      configuration.setInt("dfs.replication", 1);
      // So that a small file has several blocks.
      configuration.setInt("dfs.namenode.fs-limits.min-block-size", 1 << 20);
      configuration.setInt("dfs.blocksize", 1 << 20);
      // A client that closes a file before the data node has reported its last block waits so long.
      configuration.setInt("dfs.client.block.write.locateFollowingBlock.initial.delay.ms", 5);
      cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(1).format(true).build();
      cluster.waitActive();
    }
    return cluster;
  }

  /** How a client reaches the cluster. Each call gives a configuration of its own. */
  public static Configuration configuration() throws IOException {
    Configuration configuration = new Configuration(cluster().getConfiguration(0));
    // A view of it under another name.
    configuration.set("fs.viewfs.mounttable.default.link./mount", root());
    return configuration;
  }

  /**
   * What makes a name stand for the cluster in {@code hdfs://name/}: settings of a configuration
   * that knows nothing of the cluster otherwise.
   */
  public static Map<String, String> alias(String name) throws IOException {
    return Map.of(
        "dfs.nameservices",
        name,
        "dfs.ha.namenodes." + name,
        "one",
        "dfs.namenode.rpc-address." + name + ".one",
        cluster().getURI().getAuthority(),
        "dfs.client.failover.proxy.provider." + name,
        "org.apache.hadoop.hdfs.server.namenode.ha.ConfiguredFailoverProxyProvider");
  }

  /** A directory that no other test uses, as a full URI; it does not exist yet. */
  public static String directory() throws IOException {
    return root() + UUID.randomUUID();
  }

  private static String root() throws IOException {
    return cluster().getURI() + "/";
  }
}
