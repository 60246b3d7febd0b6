package io.alexstore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.io.FileOutput;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CrashSimulatingFileStoreTest {

  private final CrashSimulatingFileStore disk = new CrashSimulatingFileStore();
  private final Random random = new Random(7);

  private FileOutput create(String path) throws IOException {
    disk.createDirectories("/d");
    return disk.create(path);
  }

  @Test
  void whatWasSyncedSurvives() throws IOException {
    FileOutput output = create("/d/f");
    output.write(new byte[] {1, 2, 3});
    output.sync();
    disk.syncDirectory("/d");
    output.write(new byte[] {4, 5});
    Set<Integer> sizes = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      byte[] left = disk.crash(random).readFully("/d/f", 10);
      assertThat(left).startsWith(1, 2, 3);
      sizes.add(left.length);
    }
    assertThat(sizes).containsExactlyInAnyOrder(3, 4, 5);
    assertThat(disk.size("/d/f")).isEqualTo(5);
  }

  @Test
  void unsyncedBytesMayBecomeZeroOnOneSideOfAnother() throws IOException {
    byte[] content = new byte[2048];
    Arrays.fill(content, (byte) 1);
    create("/d/f").write(content);
    disk.syncDirectory("/d");
    boolean hole = false;
    for (int i = 0; i < 200; i++) {
      byte[] left = disk.crash(random).readFully("/d/f", 2048);
      hole |= left.length == 2048 && left[0] == 0 && left[2047] == 1;
    }
    assertThat(hole).isTrue();
  }

  @Test
  void unsyncedNamesSurviveOrNotEachByItself() throws IOException {
    create("/d/a").close();
    create("/d/b").close();
    Set<String> outcomes = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      var left = disk.crash(random);
      outcomes.add(left.exists("/d/a") + " " + left.exists("/d/b"));
    }
    assertThat(outcomes).hasSize(4);
  }

  @Test
  void anUnsyncedDeletionMayComeBack() throws IOException {
    create("/d/a").close();
    disk.syncDirectory("/d");
    disk.delete("/d/a");
    Set<Boolean> outcomes = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      outcomes.add(disk.crash(random).exists("/d/a"));
    }
    assertThat(outcomes).hasSize(2);
    disk.syncDirectory("/d");
    for (int i = 0; i < 100; i++) {
      assertThat(disk.crash(random).exists("/d/a")).isFalse();
    }
  }

  @Test
  void aMoveSurvivesWholeOrNotAtAll() throws IOException {
    disk.createDirectories("/d/a");
    disk.createDirectories("/e");
    create("/d/a/f").close();
    disk.syncDirectory("/d/a");
    disk.move("/d/a", "/e/b");
    disk.move("/e/b", "/e/c");
    Set<String> outcomes = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      var left = disk.crash(random);
      outcomes.add(
          left.exists("/d/a/f") + " " + left.exists("/e/b/f") + " " + left.exists("/e/c/f"));
    }
    assertThat(outcomes)
        .containsExactlyInAnyOrder("true false false", "false true false", "false false true");
    // A sync of one of the two directories makes the move durable, and those before it.
    disk.syncDirectory("/e");
    for (int i = 0; i < 100; i++) {
      var left = disk.crash(random);
      assertThat(left.exists("/d/a")).isFalse();
      assertThat(left.exists("/e/c/f")).isTrue();
    }
    assertThatThrownBy(() -> disk.move("/d/a", "/e/x")).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> disk.move("/e/c", "/d"))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void theSameSeedCrashesAlike() throws IOException {
    FileOutput output = create("/d/f");
    byte[] content = new byte[5000];
    random.nextBytes(content);
    output.write(content);
    disk.syncDirectory("/d");
    for (int seed = 0; seed < 50; seed++) {
      assertThat(disk.crash(new Random(seed)).readFully("/d/f", 5000))
          .isEqualTo(disk.crash(new Random(seed)).readFully("/d/f", 5000));
    }
  }
}
