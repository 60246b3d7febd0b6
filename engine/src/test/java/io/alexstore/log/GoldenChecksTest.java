package io.alexstore.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.io.LocalFileStore;
import io.alexstore.schema.CheckConstraint;
import io.alexstore.schema.Schema;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The log with CHECK constraints in {@code golden/checks/v1} is read for ever. The files were made
 * from {@code docs/format/log.md} and {@code docs/format/schema.md}, not by this code, and never
 * change.
 */
class GoldenChecksTest {

  private static final CheckConstraint SMALL =
      new CheckConstraint("small", "spark", "n < 100", List.of(2));
  private static final CheckConstraint NAMED =
      new CheckConstraint("Named", "spark", "s.f IS NOT NULL OR '\"' = s.f", List.of(3, 4));

  private static TableLog log() throws Exception {
    String path =
        Path.of(GoldenChecksTest.class.getResource("/golden/checks/v1").toURI()).toString();
    return new TableLog(LocalFileStore.INSTANCE, path);
  }

  @Test
  void eachVersionHasTheConstraintsOfItsSchema() throws Exception {
    List<List<CheckConstraint>> expected =
        List.of(
            List.of(),
            List.of(SMALL),
            List.of(SMALL, NAMED),
            List.of(SMALL, NAMED),
            List.of(NAMED));
    for (int version = 0; version < expected.size(); version++) {
      Snapshot snapshot = log().load(version);
      assertThat(snapshot.schema().checks()).as("v" + version).isEqualTo(expected.get(version));
      assertThat(snapshot.writerFeatures())
          .isEqualTo(version == 0 ? List.of() : List.of("checkConstraints"));
      assertThat(snapshot.readerFeatures()).isEmpty();
    }
  }

  @Test
  void propertiesAndWhatColumnsKeepAreRead() throws Exception {
    Snapshot newest = log().load();
    assertThat(newest.properties()).isEqualTo(Map.of("comment", "theirs"));
    Schema schema = newest.schema();
    assertThat(schema.columns().get(1).metadata()).contains("\"CURRENT_DEFAULT\":\"42\"");
    assertThat(newest.nextSchemaId()).isEqualTo(4);
  }
}
