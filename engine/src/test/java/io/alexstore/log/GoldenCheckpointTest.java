package io.alexstore.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.io.LocalFileStore;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * The checkpoint in {@code golden/log/checkpoint-v1} is read for ever. It was made from {@code
 * docs/format/log.md}, not by this code, and never changes.
 */
class GoldenCheckpointTest {

  private static UUID uuid(int n) {
    return UUID.fromString(String.format("%08x-0000-4000-8000-%012x", n, n));
  }

  private static byte[] key(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  @Test
  void everyFieldIsRead() throws Exception {
    Path table =
        Path.of(GoldenCheckpointTest.class.getResource("/golden/log/checkpoint-v1").toURI());
    Snapshot s = new TableLog(LocalFileStore.INSTANCE, table.toString()).loadCheckpoint(300);
    assertThat(s.tableId()).isEqualTo(uuid(1));
    assertThat(s.version()).isEqualTo(300);
    assertThat(s.commitId()).isEqualTo(uuid(18));
    assertThat(s.timestampMs()).isEqualTo(1_760_000_000_300L);
    assertThat(s.operation()).isEqualTo("merge");
    assertThat(s.summary()).isEqualTo(Map.of("addedRows", "5"));
    assertThat(s.expiredBefore()).isEqualTo(2);
    assertThat(s.readerFeatures()).isEqualTo(List.of("deletionVectors"));
    assertThat(s.writerFeatures()).isEqualTo(List.of("deletionVectors", "of-a-later-release"));
    assertThat(s.schema(0)).contains(LogEntryTest.schema());
    assertThat(s.schema().id()).isEqualTo(1);
    assertThat(s.schema().columns().get(1).name()).isEqualTo("m");
    assertThat(s.properties()).isEqualTo(Map.of("note", "für immer"));
    assertThat(s.lastSequence("stream")).hasValue(-4);
    assertThat(s.lastSequence("strom ü")).hasValue(1L << 40);
    assertThat(s.isDisjoint()).isFalse();
    assertThat(s.segments())
        .containsExactly(
            new SegmentEntry(
                uuid(34),
                "data/" + uuid(34) + ".alexseg",
                0,
                5,
                4096,
                key("7fffffffffffffff"),
                key("8000000000000001"),
                2),
            new SegmentEntry(
                uuid(35),
                null,
                0,
                10,
                8192,
                key("8000000000000002"),
                key("8000000000000009"),
                129,
                new Deletions(3, new byte[] {1, 2, 3, 4}, null, 4)),
            new SegmentEntry(
                uuid(37),
                "data/old/x_1.seg",
                1,
                1L << 33,
                1L << 31,
                key("8000000000000002"),
                key("800000000000ffff"),
                300),
            new SegmentEntry(
                uuid(36),
                null,
                1,
                70_000,
                1 << 20,
                key("8000000000010000"),
                key("8000000000010000"),
                7,
                Deletions.file(66_000, "data/x.alexdv", 9000)));
  }
}
