package io.alexstore.io.hadoop;

import java.util.Set;

/** The URI schemes whose file systems can hold a table. */
final class HadoopSchemes {

  /**
   * Those that publish safely: HDFS, and a view file system whose mounts are HDFS.
   *
   * <p>Not webhdfs, which cannot make a file durable before it is closed, and not object stores,
   * where neither a rename nor a create fails when the name is taken.
   */
  static final Set<String> SUPPORTED = Set.of("hdfs", "viewfs");

  private HadoopSchemes() {}
}
