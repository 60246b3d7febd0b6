package io.alexstore.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.error.CorruptFileException;
import io.alexstore.error.UnsupportedFormatException;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.segment.DeletionVector;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** Entries are read back as they were written, or refused with an error that says why. */
class LogEntryTest {

  private static final String PATH = "t/_alexstore/log/00000000000000000007";

  static Schema schema() {
    return new SchemaBuilder()
        .column("id", ScalarType.LONG)
        .column("n", ScalarType.INT)
        .primaryKey("id")
        .build();
  }

  private static LogEntry entry() {
    var segment =
        new SegmentEntry(
            new UUID(1, 2), "data/a.alexseg", 0, 10, 4096, new byte[] {1}, new byte[] {1, -1}, 7);
    return new LogEntry(
        new UUID(3, 4),
        7,
        Optional.of(new UUID(5, 6)),
        new UUID(7, 8),
        1_700_000_000_123L,
        "append",
        Map.of("addedRows", "10", "quote\"", "line\nbreak, ä"),
        "test",
        Optional.of(schema()),
        Optional.of(Map.of("owner", "x")),
        List.of(),
        List.of("later"),
        List.of(segment),
        List.of(new UUID(9, 10)),
        Map.of(
            new UUID(1, 2),
            Deletions.inline(DeletionVector.of(3, 5)),
            new UUID(1, 3),
            Deletions.file(70_000, "data/b.alexdv", 12_345)),
        Optional.of(new CommitSource("stream \"a\"", -4)),
        5,
        Optional.of("store 1"));
  }

  private static LogEntry read(byte[] file) {
    return LogEntryJson.parse(PATH, LogFrame.unwrap(PATH, file));
  }

  private static byte[] file() {
    return LogFrame.wrap(LogEntryJson.format(entry()));
  }

  @Test
  void anEntryIsReadBackAsItWasWritten() {
    assertThat(read(file())).isEqualTo(entry());
    assertThat(new String(file(), StandardCharsets.UTF_8).lines()).hasSize(3);
  }

  @Test
  void everyFlippedBitIsFound() {
    byte[] file = file();
    for (int i = 0; i < file.length; i++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] flipped = file.clone();
        flipped[i] ^= (byte) (1 << bit);
        assertThatThrownBy(() -> read(flipped))
            .as("byte %d, bit %d", i, bit)
            .isInstanceOf(CorruptFileException.class)
            .hasMessageContaining(PATH);
      }
    }
  }

  @Test
  void everyTruncationIsFoundAndCalledSo() {
    byte[] file = file();
    for (int length = 0; length < file.length; length++) {
      byte[] truncated = Arrays.copyOf(file, length);
      assertThatThrownBy(() -> read(truncated))
          .as("%d bytes", length)
          .isInstanceOf(CorruptFileException.class)
          .hasMessageContaining("truncated");
    }
  }

  @Test
  void moreBytesAreFound() {
    byte[] file = file();
    byte[] longer = Arrays.copyOf(file, file.length + 1);
    longer[file.length] = '\n';
    assertThatThrownBy(() -> read(longer)).isInstanceOf(CorruptFileException.class);
  }

  @Test
  void anotherFileIsNoLogEntry() {
    byte[] foreign = "PAR1 and so on, long enough to be something".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> read(foreign))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("not a log entry");
  }

  /** A sound file with a first line and a body of the test's choice. */
  static byte[] sound(String firstLine, String json) {
    byte[] body = (firstLine + "\n" + json + "\n").getBytes(StandardCharsets.UTF_8);
    CRC32C crc = new CRC32C();
    crc.update(body, 0, body.length);
    String last = String.format("crc32c %08x%n", crc.getValue());
    byte[] file = Arrays.copyOf(body, body.length + last.length());
    System.arraycopy(last.getBytes(StandardCharsets.UTF_8), 0, file, body.length, last.length());
    return file;
  }

  @Test
  void aNewerFormatIsRefused() {
    for (String version : List.of("2", "10", "01", "1 ", "")) {
      byte[] newer = sound("alexstore-log " + version, LogEntryJson.format(entry()));
      assertThatThrownBy(() -> read(newer))
          .isInstanceOf(UnsupportedFormatException.class)
          .hasMessageContaining("'" + version + "'")
          .hasMessageContaining(PATH);
    }
  }

  private static LogEntry readJson(String json) {
    return read(sound("alexstore-log 1", json));
  }

  @Test
  void unknownFieldsArePassedOver() {
    String json = LogEntryJson.format(entry());
    String more = "{\"tomorrow\":{\"x\":[1]}," + json.substring(1);
    assertThat(readJson(more)).isEqualTo(entry());
    assertThat(readJson(json.replace("\"rows\":", "\"heat\":1.5,\"rows\":"))).isEqualTo(entry());
  }

  @Test
  void anUnknownReaderFeatureIsRefusedBeforeAnythingElseIsRead() {
    assertThatThrownBy(() -> readJson("{\"readerFeatures\":[\"magic\"],\"added\":7}"))
        .isInstanceOf(UnsupportedFormatException.class)
        .hasMessageContaining("'magic'")
        .hasMessageContaining(PATH);
  }

  @Test
  void fieldsThatAreMissingOrWrongAreCorrupt() {
    String json = LogEntryJson.format(entry());
    List<String> wrong =
        List.of(
            "[]",
            "{}",
            "null",
            "",
            json + "{}",
            json.replace("\"version\":7", "\"version\":\"7\""),
            json.replace("\"version\":7", "\"version\":1e99"),
            json.replace("\"version\":7,", ""),
            json.replace("\"rows\":10", "\"rows\":0"),
            json.replace("\"schemaId\":0", "\"schemaId\":99999999999"),
            json.replace("\"minKey\":\"01\"", "\"minKey\":\"0\""),
            json.replace("\"minKey\":\"01\"", "\"minKey\":\"02\""),
            json.replace("\"removed\":[", "\"removed\":[null,"),
            json.replace("\"owner\":\"x\"", "\"owner\":1"),
            json.replace("\"commitId\":\"", "\"commitId\":\"x"),
            json.replace("data/a.alexseg", "../a.alexseg"));
    for (String text : wrong) {
      assertThat(text).isNotEqualTo(json);
      assertThatThrownBy(() -> readJson(text))
          .as(text)
          .isInstanceOf(CorruptFileException.class)
          .hasMessageContaining(PATH);
    }
  }
}
