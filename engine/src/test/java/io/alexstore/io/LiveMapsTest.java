package io.alexstore.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveMapsTest {

  @TempDir Path directory;

  /** Without a collection the number would be that of all maps that were ever closed. */
  @Test
  void closedMapsDoNotPileUp() throws IOException, InterruptedException {
    Path file = Files.write(directory.resolve("f"), new byte[10]);
    long before = LiveMaps.closedMaps();
    long rounds = 3 * LiveMaps.MAX_CLOSED;
    for (long i = 0; i < rounds; i++) {
      LocalFileStore.INSTANCE.map(file.toString()).close();
    }
    for (int i = 0; i < 1000 && LiveMaps.closedMaps() >= before + rounds; i++) {
      Thread.sleep(10);
    }
    assertThat(LiveMaps.closedMaps()).isLessThan(before + rounds);
  }
}
