package io.alexstore.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.io.LocalFileStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * The log in {@code golden/log/v1} is read for ever. Its files were made from {@code
 * docs/format/log.md}, not by this code, and never change; a later format gets a directory of its
 * own.
 */
class GoldenLogTest {

  private static Path golden() throws Exception {
    return Path.of(GoldenLogTest.class.getResource("/golden/log/v1").toURI());
  }

  private static TableLog log() throws Exception {
    return new TableLog(LocalFileStore.INSTANCE, golden().toString());
  }

  private static UUID uuid(int n) {
    return UUID.fromString(String.format("%08x-0000-4000-8000-%012x", n, n));
  }

  @Test
  void versionZeroHasSchemaAndProperties() throws Exception {
    Snapshot s = log().load(0);
    assertThat(s.tableId()).isEqualTo(uuid(1));
    assertThat(s.commitId()).isEqualTo(uuid(16));
    assertThat(s.timestampMs()).isEqualTo(1_760_000_000_000L);
    assertThat(s.operation()).isEqualTo("create");
    assertThat(s.schema()).isEqualTo(LogEntryTest.schema());
    assertThat(s.properties()).isEqualTo(Map.of("note", "für immer"));
    assertThat(s.segments()).isEmpty();
  }

  @Test
  void versionOneHasTwoSegmentsInTheOrderOfTheirKeys() throws Exception {
    Snapshot s = log().load(1);
    assertThat(s.summary()).isEqualTo(Map.of("addedRows", "30"));
    byte[] min = {(byte) 0x80, 0, 0, 0, 0, 0, 0, 0};
    byte[] middle = {(byte) 0x80, 0, 0, 0, 0, 0, 0, 9};
    byte[] next = {(byte) 0x80, 0, 0, 0, 0, 0, 0, 10};
    byte[] max = {(byte) 0x80, 0, 0, 0, 0, 0, 1, 0};
    assertThat(s.segments())
        .containsExactly(
            new SegmentEntry(
                uuid(32), "data/" + uuid(32) + ".alexseg", 0, 10, 4096, min, middle, 1),
            new SegmentEntry(uuid(33), "data/" + uuid(33) + ".alexseg", 0, 20, 8192, next, max, 1));
    assertThat(s.isDisjoint()).isTrue();
  }

  @Test
  void versionTwoReplacesThemAndHasFieldsOfLaterReleases() throws Exception {
    Snapshot s = log().load();
    assertThat(s.version()).isEqualTo(2);
    assertThat(s.operation()).isEqualTo("overwrite");
    assertThat(s.segments()).extracting(SegmentEntry::id).containsExactly(uuid(34));
    assertThat(s.properties()).isEqualTo(Map.of("note", "für immer"));
    assertThat(s.writerFeatures()).isEqualTo(List.of("of-a-later-release"));
  }
}
