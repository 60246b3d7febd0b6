package io.alexstore.io.hadoop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.error.AlexStoreException;
import io.alexstore.io.FileOutput;
import io.alexstore.io.FilePaths;
import io.alexstore.io.FileStatus;
import io.alexstore.io.FileStore;
import io.alexstore.io.FileStores;
import io.alexstore.io.LocalFileStore;
import io.alexstore.io.MappedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link FileStore} promises, on HDFS. */
class HadoopFileStoreTest {

  private HadoopFileStore store;
  private String directory;

  @BeforeEach
  void makeDirectory() throws IOException {
    store = new HadoopFileStore(Hdfs.configuration());
    directory = Hdfs.directory();
    store.createDirectories(directory);
  }

  private String path(String name) {
    return FilePaths.resolve(directory, name);
  }

  private void write(String name, byte[] content) throws IOException {
    FileOutput output = store.create(path(name));
    output.write(content);
    output.sync();
    output.close();
  }

  @Test
  void filesAreWrittenAndRead() throws IOException {
    byte[] content = new byte[3_000_001];
    new Random(1).nextBytes(content);
    FileOutput output = store.create(path("a"));
    output.write(content, 0, 10);
    ByteBuffer direct =
        ByteBuffer.allocateDirect(content.length - 10).put(content, 10, content.length - 10).flip();
    output.write(direct);
    assertThat(direct.hasRemaining()).isFalse();
    assertThat(output.position()).isEqualTo(content.length);
    output.sync();
    output.close();
    output.close();
    output.abort();
    assertThatThrownBy(() -> output.write(content)).isInstanceOf(ClosedChannelException.class);

    assertThat(store.exists(path("a"))).isTrue();
    assertThat(store.size(path("a"))).isEqualTo(content.length);
    assertThat(store.readFully(path("a"), content.length)).isEqualTo(content);
    assertThatThrownBy(() -> store.readFully(path("a"), content.length - 1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(path("a"))
        .hasMessageContaining("3000001");
    try (MappedFile map = store.map(path("a"))) {
      map.load(999_999, 1_000_002);
      byte[] part = new byte[1_000_002];
      map.buffer().get(999_999, part);
      assertThat(part).isEqualTo(Arrays.copyOfRange(content, 999_999, 2_000_001));
    }
    assertThat(store.statistics().reads()).isEqualTo(1);
  }

  @Test
  void namesAreListedSortedAndDeleted() throws IOException {
    store.createDirectories(path("d/e"));
    store.createDirectories(path("d/e"));
    write("b", new byte[7]);
    write(".tmp-x", new byte[0]);
    List<FileStatus> list = store.list(directory);
    assertThat(list).extracting(FileStatus::name).containsExactly(".tmp-x", "b", "d");
    assertThat(list).extracting(FileStatus::size).startsWith(0L, 7L);
    assertThat(list).extracting(FileStatus::directory).containsExactly(false, false, true);
    assertThat(list.get(0).modifiedMillis()).isGreaterThan(1_000_000_000_000L);
    assertThat(store.delete(path("b"))).isTrue();
    assertThat(store.delete(path("b"))).isFalse();
    assertThatThrownBy(() -> store.delete(path("d")))
        .isInstanceOf(DirectoryNotEmptyException.class);
    assertThat(store.delete(path("d/e"))).isTrue();
    assertThat(store.list(path("none"))).isEmpty();
    assertThatThrownBy(() -> store.list(path(".tmp-x"))).isInstanceOf(NotDirectoryException.class);
    store.syncDirectory(directory);
  }

  @Test
  void aDirectoryMovesWithAllInItToAFreeName() throws IOException {
    store.createDirectories(path("from/deep"));
    store.createDirectories(path("other"));
    write("from/deep/f", new byte[3]);
    store.move(path("from"), path("other/to"));
    assertThat(store.size(path("other/to/deep/f"))).isEqualTo(3);
    assertThat(store.exists(path("from"))).isFalse();
    store.createDirectories(path("empty"));
    assertThatThrownBy(() -> store.move(path("other"), path("empty")))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> store.move(path("from"), path("x")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void missingAndTakenNamesAreToldApart() throws IOException {
    write("a", new byte[1]);
    assertThatThrownBy(() -> store.create(path("a")))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> store.create(path("none/a"))).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> store.map(path("none"))).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> store.size(path("none"))).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> store.readFully(path("none"), 9))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining(path("none"));
    assertThat(store.exists(path("none"))).isFalse();
    assertThatThrownBy(() -> store.createDirectories(path("a"))).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> store.createDirectories(path("a/b"))).isInstanceOf(IOException.class);
  }

  @Test
  void anAbortedFileIsGone() throws IOException {
    FileOutput output = store.create(path("a"));
    output.write(new byte[100_000]);
    output.abort();
    output.abort();
    assertThat(store.list(directory)).isEmpty();
    assertThatThrownBy(() -> output.write(new byte[1])).isInstanceOf(IOException.class);
  }

  @Test
  void emptyFilesAreMapped() throws IOException {
    write("empty", new byte[0]);
    try (MappedFile map = store.map(path("empty"))) {
      assertThat(map.size()).isZero();
      map.load(0, 0);
    }
  }

  @Test
  void publishesOnce() throws IOException {
    assertThat(store.publish(path("v"), "one".getBytes(UTF_8))).isTrue();
    assertThat(store.publish(path("v"), "two".getBytes(UTF_8))).isFalse();
    assertThat(store.publish(path("empty"), new byte[0])).isTrue();
    assertThat(store.readFully(path("v"), 9)).isEqualTo("one".getBytes(UTF_8));
    assertThat(store.list(directory)).extracting(FileStatus::name).containsExactly("empty", "v");
    assertThatThrownBy(() -> store.publish(path("none/v"), new byte[1]))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void oneThreadWinsEachVersion() throws Exception {
    int threads = 8;
    int versions = 20;
    int size = 20_000;
    var barrier = new CyclicBarrier(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<boolean[]>> results = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        byte[] content = new byte[size];
        Arrays.fill(content, (byte) t);
        Callable<boolean[]> race =
            () -> {
              boolean[] won = new boolean[versions];
              for (int v = 0; v < versions; v++) {
                barrier.await(60, TimeUnit.SECONDS);
                won[v] = store.publish(path("v" + v), content);
                // Winner or loser: whoever returned sees the winner's file, all of it.
                byte[] seen = store.readFully(path("v" + v), size);
                byte[] whole = new byte[size];
                Arrays.fill(whole, seen[0]);
                assertThat(seen).isEqualTo(whole);
              }
              return won;
            };
        results.add(pool.submit(race));
      }
      for (Future<boolean[]> result : results) {
        result.get();
      }
      for (int v = 0; v < versions; v++) {
        int winner = store.readFully(path("v" + v), size)[0];
        for (int t = 0; t < threads; t++) {
          assertThat(results.get(t).get()[v]).isEqualTo(t == winner);
        }
      }
      assertThat(store.list(directory)).hasSize(versions);
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aViewOfHdfsIsHdfs() throws IOException {
    String seen = "viewfs:///mount/" + FilePaths.name(directory);
    write("a", new byte[5]);
    assertThat(store.size(FilePaths.resolve(seen, "a"))).isEqualTo(5);
    assertThat(store.publish(FilePaths.resolve(seen, "v"), new byte[] {1})).isTrue();
    assertThat(store.publish(FilePaths.resolve(seen, "v"), new byte[] {2})).isFalse();
    assertThat(store.readFully(path("v"), 1)).containsExactly(1);
    assertThat(store.list(seen)).extracting(FileStatus::name).containsExactly("a", "v");
  }

  @Test
  void otherFileSystemsAreRefused() throws IOException {
    assertThatThrownBy(() -> store.create("file:/tmp/a"))
        .isInstanceOf(AlexStoreException.class)
        .hasMessageContaining("file:/tmp/a")
        .hasMessageContaining("LocalFileSystem");
    for (String path : new String[] {"s3a://bucket/t", "webhdfs://nn/t"}) {
      assertThatThrownBy(() -> HadoopFileStore.forPath(path, new Configuration(false)))
          .isInstanceOf(AlexStoreException.class)
          .hasMessageContaining(path)
          .hasMessageContaining("hdfs:, viewfs:");
    }
  }

  @Test
  void storesAreFoundByScheme() throws IOException {
    FileStore found = FileStores.forPath(directory);
    assertThat(found).isInstanceOf(HadoopFileStore.class);
    assertThat(found.exists(directory)).isTrue();
    Configuration configuration = Hdfs.configuration();
    assertThat(HadoopFileStore.forPath(directory, configuration))
        .isInstanceOf(HadoopFileStore.class)
        .isNotSameAs(found);
    assertThat(HadoopFileStore.forPath("file:/a", configuration)).isSameAs(LocalFileStore.INSTANCE);
  }
}
