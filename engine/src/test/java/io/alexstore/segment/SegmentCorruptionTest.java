package io.alexstore.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.bytes.BlockBytes;
import io.alexstore.error.CorruptFileException;
import io.alexstore.error.UnsupportedFormatException;
import io.alexstore.io.MappedFile;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.schema.StringType;
import io.alexstore.segment.RandomTable.Keyed;
import io.alexstore.testkit.Seeds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Damaged segments give a clear error or the right answer, and nothing else. */
class SegmentCorruptionTest {
  /** How many of the 255 flips of each byte are tried: {@code -Dalexstore.flips=255} tries all. */
  private static final int FLIPS = Integer.getInteger("alexstore.flips", 2);

  @TempDir Path directory;

  private record Written(byte[] bytes, List<Keyed> rows) {}

  /** What became of damaged files. */
  private static final class Tally {
    int corrupt;
    int unsupported;
    int right;

    void run(byte[] bytes, Consumer<Segment> use) {
      MappedFile map = new MappedFile("damaged.alexseg", ByteBuffer.wrap(bytes));
      try (Segment segment = Segment.open(map, ReadOptions.DEFAULT)) {
        use.accept(segment);
        right++;
      } catch (CorruptFileException e) {
        assertThat(e.getMessage()).contains("damaged.alexseg");
        corrupt++;
      } catch (UnsupportedFormatException e) {
        unsupported++;
      }
    }

    @Override
    public String toString() {
      return corrupt
          + " corrupt, "
          + unsupported
          + " unsupported, "
          + right
          + " right, 0 wrong, 0 other errors";
    }
  }

  private Written write(SmallSegments.Kind kind, int count) throws IOException {
    Path file = directory.resolve(kind + ".alexseg");
    List<Keyed> rows = SmallSegments.rows(kind, count);
    SmallSegments.write(file, SmallSegments.schema(kind), rows);
    byte[] bytes = Files.readAllBytes(file);
    try (Segment segment =
        Segment.open(new MappedFile("sound", ByteBuffer.wrap(bytes)), ReadOptions.DEFAULT)) {
      assertThat(segment.rowGroupCount()).isGreaterThan(2);
      SegmentChecks.check(segment, rows, new Random(1));
    }
    assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
        .contains("\"kind\":\"" + kind.region() + "\"");
    return new Written(bytes, rows);
  }

  @ParameterizedTest
  @EnumSource(SmallSegments.Kind.class)
  void everyFlippedByteGivesAnErrorOrTheRightAnswer(SmallSegments.Kind kind) throws IOException {
    Written written = write(kind, 40);
    Random random = new Random(7);
    Tally tally = new Tally();
    for (int at = 0; at < written.bytes().length; at++) {
      int[] masks =
          FLIPS >= 255 ? IntStream.range(1, 256).toArray() : random.ints(FLIPS, 1, 256).toArray();
      for (int mask : masks) {
        written.bytes()[at] ^= (byte) mask;
        tally.run(written.bytes(), s -> SegmentChecks.readAll(s, written.rows()));
        written.bytes()[at] ^= (byte) mask;
      }
    }
    System.out.println(
        kind + ", " + written.bytes().length + " bytes, " + FLIPS + " flips of each: " + tally);
    assertThat(tally.corrupt).isPositive();
  }

  @ParameterizedTest
  @EnumSource(SmallSegments.Kind.class)
  void everyTruncationIsAnError(SmallSegments.Kind kind) throws IOException {
    Written written = write(kind, 40);
    Tally tally = new Tally();
    for (int size = 0; size < written.bytes().length; size++) {
      tally.run(
          Arrays.copyOf(written.bytes(), size), s -> SegmentChecks.readAll(s, written.rows()));
    }
    tally.run(
        Arrays.copyOf(written.bytes(), written.bytes().length + 8),
        s -> SegmentChecks.readAll(s, written.rows()));
    System.out.println(kind + ", every truncation: " + tally);
    assertThat(tally.corrupt).isEqualTo(written.bytes().length + 1);
  }

  /**
   * Whole blocks are scrambled and each way to read is tried on a fresh map, so that a way that
   * reads without checking first cannot hide behind another one that checked.
   */
  @ParameterizedTest
  @EnumSource(SmallSegments.Kind.class)
  void nothingIsReadThatWasNotChecked(SmallSegments.Kind kind) throws IOException {
    Written written = write(kind, 700);
    List<Consumer<Segment>> ways = SegmentChecks.waysToRead(written.rows());
    List<Tally> tallies = new ArrayList<>();
    for (int way = 0; way < ways.size(); way++) {
      tallies.add(new Tally());
    }
    int body = (int) word(written.bytes()).getLong(written.bytes().length - 64);
    for (int block = 0; block * BlockBytes.BLOCK_SIZE < body; block++) {
      byte[] damaged = written.bytes().clone();
      int from = block * BlockBytes.BLOCK_SIZE;
      for (int at = from; at < Math.min(body, from + BlockBytes.BLOCK_SIZE); at++) {
        damaged[at] ^= (byte) (at * 31 + 0x55 | 1);
      }
      for (int way = 0; way < ways.size(); way++) {
        tallies.get(way).run(damaged, ways.get(way));
      }
    }
    Tally all = new Tally();
    for (Tally tally : tallies) {
      assertThat(tally.corrupt).isPositive();
      all.corrupt += tally.corrupt;
      all.right += tally.right;
    }
    System.out.println(
        kind + ", each block scrambled, " + ways.size() + " ways to read each: " + all);
  }

  private static ByteBuffer word(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void eachFailureToOpenHasItsOwnError() throws IOException {
    byte[] good = write(SmallSegments.Kind.INT, 40).bytes();
    int trailer = good.length - 64;
    assertOpenFails(new byte[100], CorruptFileException.class, "has 100 bytes");
    assertOpenFails(new byte[1000], CorruptFileException.class, "it is none");
    assertOpenFails(
        Arrays.copyOf(good, good.length - 1), CorruptFileException.class, "is truncated");
    byte[] bytes = good.clone();
    bytes[trailer + 3] ^= 1;
    assertOpenFails(bytes, CorruptFileException.class, "checksum of the trailer");

    bytes = good.clone();
    word(bytes).putInt(trailer + 48, 2);
    sealTrailer(bytes);
    assertOpenFails(bytes, UnsupportedFormatException.class, "format is version 2");

    bytes = good.clone();
    word(bytes).putLong(trailer, Long.MAX_VALUE);
    sealTrailer(bytes);
    assertOpenFails(bytes, CorruptFileException.class, "does not make a file");

    bytes = good.clone();
    bytes[trailer - 8] ^= 1;
    assertOpenFails(bytes, CorruptFileException.class, "array of block checksums");

    bytes = good.clone();
    bytes[20] ^= 1;
    assertOpenFails(bytes, CorruptFileException.class, "checksum of the block");

    bytes = good.clone();
    bytes[trailer + 32] ^= 1;
    sealTrailer(bytes);
    assertOpenFails(bytes, CorruptFileException.class, "starts as segment");

    bytes = replace(good, "\"requiredFeatures\":[]", "\"requiredFeatures\":[7]");
    assertOpenFails(bytes, UnsupportedFormatException.class, "requires the feature 7");
    bytes = replace(good, "\"keyCodec\":1", "\"keyCodec\":9");
    assertOpenFails(bytes, UnsupportedFormatException.class, "encoded by version 9");
    bytes = replace(good, "\"rowCount\":40", "\"rowCount\":99");
    assertOpenFails(bytes, CorruptFileException.class, "directory has");
    bytes = replace(good, "\"nodeCount\":", "\"nodeCount\";");
    assertOpenFails(bytes, CorruptFileException.class, "no JSON");
  }

  @Test
  void noMetadataMakesOpeningAllocateWhatTheFileDoesNotHold() throws IOException {
    // All keys are the empty string, so neither keys nor chunks bound the number of rows.
    Schema schema =
        new SchemaBuilder().column("key", StringType.BINARY_ORDER, false).sortKey("key").build();
    Path file = directory.resolve("empty-keys.alexseg");
    List<Keyed> rows = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      rows.add(new Keyed(new byte[0], TestValues.of((Object) new byte[0])));
    }
    SmallSegments.write(file, schema, rows);
    byte[] bytes =
        replace(
            Files.readAllBytes(file),
            "\"rowCount\":16,\"rowGroupShift\":4",
            "\"rowCount\":2147483647,\"rowGroupShift\":0");
    assertOpenFails(bytes, CorruptFileException.class, "2147483647 keys");
  }

  private static void assertOpenFails(
      byte[] bytes, Class<? extends Exception> type, String message) {
    long maps = MappedFile.openMaps();
    MappedFile map = new MappedFile("some.alexseg", ByteBuffer.wrap(bytes));
    assertThatThrownBy(() -> Segment.open(map, ReadOptions.DEFAULT))
        .isInstanceOf(type)
        .hasMessageContaining(message)
        .hasMessageContaining("some.alexseg");
    assertThat(MappedFile.openMaps()).isEqualTo(maps);
  }

  private static void sealTrailer(byte[] bytes) {
    int trailer = bytes.length - 64;
    CRC32C crc = new CRC32C();
    crc.update(bytes, trailer, 52);
    word(bytes).putInt(trailer + 52, (int) crc.getValue());
  }

  /** Changes the metadata and makes all checksums right again. */
  private static byte[] replace(byte[] good, String from, String to) {
    byte[] bytes = good.clone();
    int trailer = bytes.length - 64;
    ByteBuffer words = word(bytes);
    int offset = (int) words.getLong(trailer + 16);
    int length = words.getInt(trailer + 24);
    String json = new String(bytes, offset, length, StandardCharsets.UTF_8);
    assertThat(json).contains(from);
    String changed = json.replace(from, to);
    // What the text grew by is taken from the writer's name, so that nothing moves.
    changed =
        changed.replace(
            "alexstore 0.1.0", "alexstore 0.1.0".substring(to.length() - from.length()));
    byte[] text = changed.getBytes(StandardCharsets.UTF_8);
    assertThat(text).hasSize(length);
    System.arraycopy(text, 0, bytes, offset, length);
    sealBlocks(bytes);
    return bytes;
  }

  private static void sealBlocks(byte[] bytes) {
    ByteBuffer words = word(bytes);
    int trailer = bytes.length - 64;
    int body = (int) words.getLong(trailer);
    for (int block = 0; block < words.getInt(trailer + 8); block++) {
      CRC32C crc = new CRC32C();
      int start = block * BlockBytes.BLOCK_SIZE;
      crc.update(bytes, start, Math.min(BlockBytes.BLOCK_SIZE, body - start));
      words.putInt(body + 4 * block, (int) crc.getValue());
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes, body, trailer - body);
    words.putInt(trailer + 12, (int) crc.getValue());
    sealTrailer(bytes);
  }

  /**
   * Bytes that were changed before they were summed, as by a faulty writer: values may be wrong,
   * but no length that is read makes the reader allocate without bounds, run for ever, or leave its
   * map.
   */
  @ParameterizedTest
  @EnumSource(SmallSegments.Kind.class)
  void damageThatNoChecksumSeesDoesNotKillTheReader(SmallSegments.Kind kind) throws IOException {
    Written written = write(kind, 40);
    var ways = SegmentChecks.waysToRead(written.rows());
    var outcomes = new TreeMap<String, Integer>();
    Seeds.run(
        500,
        random -> {
          byte[] damaged = written.bytes().clone();
          int body = (int) word(damaged).getLong(damaged.length - 64);
          int at = 64 + random.nextInt(body - 64 - 8);
          if (random.nextBoolean()) {
            word(damaged).putInt(at & -4, random.nextInt() >> random.nextInt(32));
          } else {
            damaged[at] = (byte) random.nextInt();
          }
          sealBlocks(damaged);
          String outcome = "right";
          MappedFile map = new MappedFile("damaged.alexseg", ByteBuffer.wrap(damaged));
          try (Segment segment = Segment.open(map, ReadOptions.DEFAULT)) {
            for (Consumer<Segment> way : ways) {
              way.accept(segment);
            }
          } catch (AssertionError e) {
            outcome = "wrong";
          } catch (RuntimeException e) {
            outcome = e.getClass().getSimpleName();
          }
          outcomes.merge(outcome, 1, Integer::sum);
        });
    System.out.println(kind + ", damage that no checksum sees: " + outcomes);
  }
}
