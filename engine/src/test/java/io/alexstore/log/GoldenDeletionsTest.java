package io.alexstore.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.error.TableNotFoundException;
import io.alexstore.io.LocalFileStore;
import io.alexstore.segment.DeletionVector;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * The log and the deletion vectors in {@code golden/deletions/v1} are read for ever. The files were
 * made from {@code docs/format/log.md} and {@code docs/format/deletion-vector.md}, not by this
 * code, and never change.
 */
class GoldenDeletionsTest {

  private static String golden() throws Exception {
    return Path.of(GoldenDeletionsTest.class.getResource("/golden/deletions/v1").toURI())
        .toString();
  }

  private static TableLog log() throws Exception {
    return new TableLog(LocalFileStore.INSTANCE, golden());
  }

  private static UUID uuid(int n) {
    return UUID.fromString(String.format("%08x-0000-4000-8000-%012x", n, n));
  }

  private static DeletionVector vector(Snapshot snapshot, int segment) throws Exception {
    SegmentEntry entry = snapshot.segment(uuid(segment)).orElseThrow();
    return entry.deletions().read(LocalFileStore.INSTANCE, golden(), entry);
  }

  @Test
  void aVectorStandsInTheEntryOrInAFile() throws Exception {
    Snapshot s = log().load(2);
    assertThat(s.deletedRows()).isEqualTo(10_004);
    assertThat(vector(s, 32)).isEqualTo(DeletionVector.of(3, 5));
    DeletionVector large = vector(s, 33);
    DeletionVector.Builder expected = new DeletionVector.Builder();
    expected.addRange(100, 5_100);
    expected.add(65_536 + 7);
    expected.add(65_536 + 9);
    for (int i = 0; i < 10_000; i += 2) {
      expected.add(131_072 + i);
    }
    assertThat(large).isEqualTo(expected.build());
    assertThat(large.count()).isEqualTo(10_002);
    assertThat(s.readerFeatures()).isEqualTo(List.of("deletionVectors"));
  }

  @Test
  void aWriterThatCountsIsRemembered() throws Exception {
    assertThat(log().load(1).lastSequence("stream \"a\"")).isEmpty();
    assertThat(log().load().lastSequence("stream \"a\"")).hasValue(7);
  }

  @Test
  void versionsThatWereGivenUpAreNotRead() throws Exception {
    assertThat(log().load().expiredBefore()).isEqualTo(1);
    assertThatThrownBy(() -> log().load(0)).isInstanceOf(TableNotFoundException.class);
    assertThat(log().load(1).expiredBefore()).isZero();
  }

  @Test
  void aSegmentThatGoesAndComesAgainHasNoVector() throws Exception {
    Snapshot s = log().load();
    assertThat(vector(s, 32)).isEqualTo(DeletionVector.NONE);
    assertThat(s.segment(uuid(32)).orElseThrow().addedIn()).isEqualTo(4);
    assertThat(vector(s, 33).count()).isEqualTo(10_002);
  }
}
