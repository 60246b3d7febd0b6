package io.alexstore.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The log in {@code golden/wal/v1} is read for ever. Its files were made from {@code
 * docs/format/wal.md}, not by this code, and never change; a later format gets a directory of its
 * own.
 */
class WalGoldenTest {

  @TempDir Path directory;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void theGoldenLogIsRead() throws Exception {
    Path golden = Path.of(WalGoldenTest.class.getResource("/golden/wal/v1").toURI());
    try (Stream<Path> files = Files.walk(golden)) {
      for (Path file : files.toList()) {
        Path target = directory.resolve(golden.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
    try (AlexStore store = AlexStore.open(directory)) {
      assertThat(store.get(42)).isNull(); // Deleted by the batch.
      assertThat(store.get(-1)).isEqualTo(bytes("in a batch"));
      assertThat(store.get(Long.MIN_VALUE)).isEmpty();
      assertThat(store.get(7)).isNull(); // Its batch is cut.
      try (StoreSnapshot snapshot = store.snapshot()) {
        assertThat(snapshot.sequence()).isEqualTo(4);
      }
    }
  }

  private static int crc(byte[] file, int from, int to) {
    CRC32C crc = new CRC32C();
    crc.update(file, from, to - from);
    return (int) crc.getValue();
  }

  /** What is written is what the document says, read without this code. */
  @Test
  void aLogIsWrittenAsTheDocumentSays() throws Exception {
    byte[] file;
    try (AlexStore store = AlexStore.open(directory, StoreOptions.defaults().withBytesKeys())) {
      store.put(bytes("k"), bytes("first"));
      store.write(new WriteBatch().put(bytes("k"), bytes("second")).delete(bytes("other")));
      store.sync();
      try (Stream<Path> files = Files.list(directory.resolve("_alexstore/store"))) {
        List<Path> chunks = files.filter(f -> f.toString().endsWith(".alexwal")).sorted().toList();
        assertThat(chunks.get(0).getFileName()).hasToString("00000000000000000001.alexwal");
        file = Files.readAllBytes(chunks.get(0));
      }
    }
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(new String(file, 0, 8, StandardCharsets.US_ASCII)).isEqualTo("ALEXWAL1");
    assertThat(in.getInt(8)).isEqualTo(1);
    assertThat(in.getInt(12)).isEqualTo(2);
    assertThat(in.getLong(32)).isEqualTo(1);
    assertThat(in.getLong(40)).isEqualTo(1);
    assertThat(in.getLong(48)).isZero();
    assertThat(in.getInt(60)).isEqualTo(crc(file, 0, 60));
    // 3 records: 32 bytes, the key and the value each, to a multiple of 8.
    int first = 4096;
    int second = first + 40;
    int third = second + 40;
    int end = third + 40;
    assertThat(in.getInt(512)).isEqualTo(end);
    assertThat(in.getInt(516)).isEqualTo(crc(file, 512, 516));
    checkRecord(file, first, 1, 0, 1, 0, "k", "first");
    checkRecord(file, second, 2, 1L << 32 | first, 1, 1, "k", "second");
    checkRecord(file, third, 3, 0, 2, 0, "other", "");
    assertThat(in.getInt(end + 4)).isZero();
  }

  private static void checkRecord(
      byte[] file,
      int at,
      long sequence,
      long previous,
      int kind,
      int flags,
      String key,
      String value) {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int length = 32 + key.length() + value.length();
    assertThat(in.getInt(at)).isEqualTo(crc(file, at + 4, at + length));
    assertThat(in.getInt(at + 4)).isEqualTo(length);
    assertThat(in.getLong(at + 8)).isEqualTo(sequence);
    assertThat(in.getLong(at + 16)).isEqualTo(previous);
    assertThat(in.get(at + 24)).isEqualTo((byte) kind);
    assertThat(in.get(at + 25)).isEqualTo((byte) flags);
    assertThat(in.getShort(at + 26)).isEqualTo((short) key.length());
    assertThat(in.getInt(at + 28)).isEqualTo(value.length());
    assertThat(new String(file, at + 32, length - 32, StandardCharsets.US_ASCII))
        .isEqualTo(key + value);
  }
}
