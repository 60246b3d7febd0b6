package io.alexstore.io.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.io.FileStores;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The engine in a process that has no Hadoop. */
class WithoutHadoopTest {

  @Test
  void localTablesNeedNoHadoop() throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!Path.of(entry).getFileName().toString().startsWith("hadoop-")) {
        urls.add(Path.of(entry).toUri().toURL());
      }
    }
    try (var loader =
        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      assertThatThrownBy(() -> loader.loadClass("org.apache.hadoop.fs.Path"))
          .isInstanceOf(ClassNotFoundException.class);
      Method forPath =
          loader.loadClass(FileStores.class.getName()).getMethod("forPath", String.class);
      assertThat(forPath.invoke(null, "/a").getClass().getSimpleName()).isEqualTo("LocalFileStore");
      assertThatThrownBy(() -> forPath.invoke(null, "hdfs://nn/t"))
          .isInstanceOf(InvocationTargetException.class)
          .cause()
          .hasMessageContaining("hdfs://nn/t")
          .hasMessageContaining("Hadoop's client is not on the class path")
          .hasMessageContaining("hadoop-client-runtime");
      assertThatThrownBy(() -> forPath.invoke(null, "s3a://bucket/t"))
          .cause()
          .hasMessageContaining("'s3a'")
          .hasMessageContaining("hdfs:, viewfs:");
    }
  }
}
