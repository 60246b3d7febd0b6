package io.alexstore.spark.conf;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.io.FileStore;
import io.alexstore.io.LocalFileStore;
import io.alexstore.spark.TestSession;
import io.alexstore.spark.TestStores;
import io.alexstore.testkit.CrashSimulatingFileStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which file store a table is reached by. */
class TableStorageTest {

  @AfterEach
  void forget() {
    TestStores.remove("a");
    TestStores.remove("b");
  }

  private static TableStorage storage(String path) {
    return TableStorage.of(TestSession.get(), path, new AlexStoreOptions(Map.of()));
  }

  private static TableStorage sent(TableStorage storage) throws Exception {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(storage);
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (TableStorage) in.readObject();
    }
  }

  @Test
  void isTheOneOfThePathsScheme() throws Exception {
    FileStore a = new CrashSimulatingFileStore();
    FileStore b = new CrashSimulatingFileStore();
    TestStores.put("a", a);
    TestStores.put("b", b);
    assertThat(storage("/a/table").store()).isSameAs(LocalFileStore.INSTANCE);
    assertThat(storage("/a/table").isLocal()).isTrue();
    TableStorage inHdfs = storage("hdfs://none/table");
    FileStore hdfs = inHdfs.store();
    assertThat(inHdfs.isLocal()).isFalse();
    assertThat(sent(inHdfs).store()).isSameAs(hdfs);
    // Equal configurations do not make these the store of HDFS, nor one of them the other.
    TableStorage inA = storage(TestStores.path("a"));
    assertThat(inA.store()).isSameAs(a);
    assertThat(inA.isLocal()).isFalse();
    assertThat(sent(inA).store()).isSameAs(a);
    assertThat(storage(TestStores.path("b")).store()).isSameAs(b);
  }
}
