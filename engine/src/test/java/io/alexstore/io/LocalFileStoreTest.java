package io.alexstore.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.testkit.RandomizedTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFileStoreTest {

  private final LocalFileStore store = LocalFileStore.INSTANCE;

  @TempDir Path directory;

  private String path(String name) {
    return FilePaths.resolve(directory.toString(), name);
  }

  @RandomizedTest(iterations = 5)
  void readsBackWhatWasWrittenInPiecesOfAnySize(Random random) throws IOException {
    var model = new ByteArrayOutputStream();
    try (FileOutput output = store.create(path("f"))) {
      for (int i = 0; i < 20; i++) {
        byte[] piece = new byte[random.nextInt(random.nextBoolean() ? 10 : 200_000)];
        random.nextBytes(piece);
        int offset = random.nextInt(piece.length + 1);
        ByteBuffer source = ByteBuffer.wrap(piece, offset, piece.length - offset);
        output.write(source);
        model.write(piece, offset, piece.length - offset);
        assertThat(source.hasRemaining()).isFalse();
        assertThat(output.position()).isEqualTo(model.size());
      }
      output.sync();
    }
    assertThat(store.size(path("f"))).isEqualTo(model.size());
    assertThat(store.readFully(path("f"), model.size())).isEqualTo(model.toByteArray());
    try (MappedFile map = store.map(path("f"))) {
      assertThat(map.buffer()).isEqualTo(ByteBuffer.wrap(model.toByteArray()));
    }
  }

  @Test
  void syncPutsBufferedBytesIntoTheFile() throws IOException {
    FileOutput output = store.create(path("f"));
    output.write(new byte[] {1, 2, 3});
    output.sync();
    assertThat(store.readFully(path("f"), 10)).containsExactly(1, 2, 3);
    output.abort();
    assertThat(store.exists(path("f"))).isFalse();
  }

  @Test
  void createRefusesANameThatIsTaken() throws IOException {
    store.create(path("f")).close();
    assertThatThrownBy(() -> store.create(path("f")))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void abortAfterCloseKeepsTheFile() throws IOException {
    FileOutput output = store.create(path("f"));
    output.close();
    output.close();
    output.abort();
    assertThat(store.exists(path("f"))).isTrue();
    assertThatThrownBy(() -> output.write(new byte[1])).isInstanceOf(IOException.class);
  }

  @Test
  void readFullyIsBounded() throws IOException {
    Files.write(directory.resolve("f"), new byte[11]);
    assertThat(store.readFully(path("f"), 11)).hasSize(11);
    assertThatThrownBy(() -> store.readFully(path("f"), 10))
        .hasMessageContaining("11 bytes")
        .hasMessageContaining("at most 10");
    assertThatThrownBy(() -> store.readFully(path("absent"), 10))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void anEmptyFileGivesAnEmptyMap() throws IOException {
    Files.createFile(directory.resolve("f"));
    try (MappedFile map = store.map(path("f"))) {
      assertThat(map.size()).isZero();
      assertThat(map.buffer().capacity()).isZero();
    }
  }

  @Test
  void anAbsentFileCannotBeMapped() {
    long open = MappedFile.openMaps();
    assertThatThrownBy(() -> store.map(path("absent")))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("absent");
    assertThat(MappedFile.openMaps()).isEqualTo(open);
  }

  @Test
  void aFileOverTwoGibibytesCannotBeMapped() throws IOException {
    try (var file = new RandomAccessFile(directory.resolve("f").toFile(), "rw")) {
      file.setLength(1L << 31); // Sparse: takes no space.
    }
    assertThatThrownBy(() -> store.map(path("f")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(path("f"))
        .hasMessageContaining("2147483648 bytes");
    assertThat(store.size(path("f"))).isEqualTo(1L << 31);
  }

  @Test
  void aMapOutlivesItsFileAndCountsItsUsers() throws IOException {
    Files.write(directory.resolve("f"), new byte[] {1, 0, 0, 0});
    long open = MappedFile.openMaps();
    MappedFile map = store.map(path("f"));
    assertThat(MappedFile.openMaps()).isEqualTo(open + 1);
    MappedFile second = map.retain();
    assertThat(store.delete(path("f"))).isTrue();
    map.close();
    assertThat(second.buffer().order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    assertThat(second.buffer().getInt(0)).isEqualTo(1);
    assertThat(second.buffer().isReadOnly()).isTrue();
    second.close();
    assertThat(MappedFile.openMaps()).isEqualTo(open);
    assertThatThrownBy(map::buffer).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(map::retain).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(map::close).isInstanceOf(IllegalStateException.class);
    assertThat(MappedFile.openMaps()).isEqualTo(open);
  }

  @Test
  void listsEverythingInTheOrderOfNames() throws IOException {
    Files.write(directory.resolve("b"), new byte[3]);
    Files.createDirectory(directory.resolve("a"));
    String temporary = FilePaths.temporary(path("b"));
    store.create(temporary).close();
    assertThat(store.list(directory.toString()))
        .extracting(FileStatus::name)
        .containsExactly(FilePaths.name(temporary), "a", "b");
    FileStatus file = store.list(directory.toString()).get(2);
    assertThat(file.size()).isEqualTo(3);
    assertThat(file.directory()).isFalse();
    assertThat(file.modifiedMillis())
        .isEqualTo(Files.getLastModifiedTime(directory.resolve("b")).toMillis());
    assertThat(store.list(directory.toString()).get(1).directory()).isTrue();
    assertThat(store.list(path("absent"))).isEmpty();
    assertThatThrownBy(() -> store.list(path("b"))).isInstanceOf(NotDirectoryException.class);
  }

  @Test
  void createsDirectoriesOnceOrAgain() throws IOException {
    store.createDirectories(path("x/y/z"));
    store.createDirectories(path("x/y/z"));
    assertThat(directory.resolve("x/y/z")).isDirectory();
    store.create(path("x/f")).close();
    assertThatThrownBy(() -> store.createDirectories(path("x/f"))).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> store.createDirectories(path("x/f/g")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void deleteTellsWhetherThereWasSomething() throws IOException {
    store.create(path("f")).close();
    assertThat(store.exists(path("f"))).isTrue();
    assertThat(store.delete(path("f"))).isTrue();
    assertThat(store.delete(path("f"))).isFalse();
    assertThat(store.exists(path("f"))).isFalse();
  }

  @Test
  void onlyEmptyDirectoriesAreDeletedAndOfLinksTheLink() throws IOException {
    store.createDirectories(path("d/e"));
    assertThatThrownBy(() -> store.delete(path("d")))
        .isInstanceOf(DirectoryNotEmptyException.class);
    Files.createSymbolicLink(directory.resolve("link"), directory.resolve("d"));
    assertThat(store.delete(path("link"))).isTrue();
    assertThat(directory.resolve("d/e")).isDirectory();
  }

  @Test
  void aDirectoryMovesWithAllInItToAFreeName() throws IOException {
    store.createDirectories(path("a/deep"));
    store.createDirectories(path("b"));
    store.create(path("a/deep/f")).close();
    store.move(path("a"), path("b/c"));
    assertThat(directory.resolve("b/c/deep/f")).exists();
    assertThat(directory.resolve("a")).doesNotExist();
    store.createDirectories(path("empty"));
    assertThatThrownBy(() -> store.move(path("b"), path("empty")))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> store.move(path("a"), path("x")))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(directory.resolve("b/c/deep/f")).exists();
  }

  @Test
  void anInterruptDoesNotDisturbTheSyncOfADirectory() throws IOException {
    Thread.currentThread().interrupt();
    store.syncDirectory(directory.toString());
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void spacesAndPercentSignsMeanTheSameInPathsAndUris() throws IOException {
    Path odd = Files.createDirectory(directory.resolve("a b%20c"));
    Files.write(odd.resolve("f"), new byte[7]);
    for (String root :
        new String[] {odd.toString(), odd.toUri().toString(), "file:" + odd.toUri().getRawPath()}) {
      assertThat(store.size(FilePaths.resolve(root, "f"))).as(root).isEqualTo(7);
    }
  }

  @Test
  void aUriIsDecodedAndWhatIsNoUriIsTakenAsItStands() {
    assertThat(LocalFileStore.toPath("file:/a%20b")).isEqualTo(Path.of("/a b"));
    assertThat(LocalFileStore.toPath("file:///a%2520b")).isEqualTo(Path.of("/a%20b"));
    assertThat(LocalFileStore.toPath("file://localhost/a")).isEqualTo(Path.of("/a"));
    assertThat(LocalFileStore.toPath("FILE:/a")).isEqualTo(Path.of("/a"));
    assertThat(LocalFileStore.toPath("file:/a b%c")).isEqualTo(Path.of("/a b%c"));
    assertThat(LocalFileStore.toPath("file:/a?b#c")).isEqualTo(Path.of("/a?b#c"));
    assertThat(LocalFileStore.toPath("/a%20b")).isEqualTo(Path.of("/a%20b"));
    assertThat(LocalFileStore.toPath("a/b")).isEqualTo(Path.of("a/b"));
    for (String bad : new String[] {"", "file:", "file:a", "file://host/a", "s3a://b/a"}) {
      assertThatThrownBy(() -> LocalFileStore.toPath(bad))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'" + bad + "'");
    }
  }
}
