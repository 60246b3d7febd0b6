package io.alexstore.spark.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.commit.OnConflict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Which option wins, which names there are, and that the README has them all. */
class AlexStoreOptionsTest {

  private static final Pattern ROW = Pattern.compile("\\| `([a-zA-Z]+)` \\|.*");

  /** How an option that may stand in three places is read, and three values of it. */
  private record Case(
      String name,
      BiFunction<AlexStoreOptions, Map<String, String>, Object> read,
      String[] texts,
      Object[] values) {}

  private static final List<Case> CASES =
      List.of(
          new Case(
              AlexStoreOptions.TARGET_SEGMENT_SIZE,
              AlexStoreOptions::targetSegmentSize,
              new String[] {"1m", "2m", "3m"},
              new Object[] {1L << 20, 2L << 20, 3L << 20, 256L << 20}),
          new Case(
              AlexStoreOptions.ON_CONFLICT,
              AlexStoreOptions::onConflict,
              new String[] {"update", "error", "ignore"},
              new Object[] {
                OnConflict.UPDATE, OnConflict.ERROR, OnConflict.IGNORE, OnConflict.ERROR
              }),
          new Case(
              AlexStoreOptions.ORDER_BY,
              (options, table) -> options.orderBy(table).orElse("none"),
              new String[] {"a", "b", "c"},
              new Object[] {"a", "b", "c", "none"}),
          new Case(
              AlexStoreOptions.COMMIT_RETRIES,
              AlexStoreOptions::commitRetries,
              new String[] {"1", "2", "3"},
              new Object[] {1, 2, 3, 1000}));

  @Test
  void anOptionWinsOverTheSessionAndThatOverTheTable() {
    assertThat(AlexStoreOptions.ofSession()).containsAll(AlexStoreOptions.ofTable());
    for (Case c : CASES) {
      for (int given = 0; given < 8; given++) {
        AlexStoreOptions options =
            new AlexStoreOptions((given & 1) != 0 ? Map.of(c.name(), c.texts()[0]) : Map.of());
        Map<String, String> session =
            (given & 2) != 0
                ? Map.of("spark.datasource.alexstore." + c.name(), c.texts()[1])
                : Map.of();
        Map<String, String> table =
            (given & 4) != 0 ? Map.of(c.name(), c.texts()[2]) : Map.of("other", "x");
        int winner = Integer.numberOfTrailingZeros(given | 8);
        assertThat(c.read().apply(options.withSession(session), table))
            .as("%s, given %s", c.name(), given)
            .isEqualTo(c.values()[winner]);
      }
    }
  }

  @Test
  void theSessionsCountWhereTheReadIsSilent() {
    Map<String, String> session =
        Map.of(
            "spark.datasource.alexstore.localScanRows", "7",
            "spark.datasource.alexstore.LOCALSCANBYTES", "8k",
            "spark.datasource.alexstore.runtimeFilterKeys", "9",
            "spark.datasource.alexstore.fs.x", "for Hadoop",
            "spark.datasource.other.primaryKey", "no");
    AlexStoreOptions silent = new AlexStoreOptions(Map.of()).withSession(session);
    assertThat(silent.localScanRows()).isEqualTo(7);
    assertThat(silent.localScanBytes()).isEqualTo(8192);
    assertThat(silent.runtimeFilterKeys()).isEqualTo(9);
    assertThat(silent.keyKind()).isEmpty();
    AlexStoreOptions own =
        new AlexStoreOptions(Map.of("LOCALSCANROWS", "1", "localScanBytes", "2"))
            .withSession(session);
    assertThat(own.localScanRows()).isEqualTo(1);
    assertThat(own.localScanBytes()).isEqualTo(2);
  }

  @Test
  void aSettingOfTheSessionThatMeansNothingIsRefused() {
    Map<String, String> said =
        Map.of(
            "spark.datasource.alexstore.onConflit",
            "no setting spark.datasource.alexstore.onConflit"
                + " (did you mean spark.datasource.alexstore.onConflict?)",
            "spark.alexstore.lookupJoin",
            "no setting spark.alexstore.lookupJoin"
                + " (did you mean spark.datasource.alexstore.lookupJoin?)",
            "spark.sql.alexstore.mergeSchema",
            "no setting spark.sql.alexstore.mergeSchema. Unset it",
            "spark.datasource.alexstore.versionAsOf",
            "has the setting spark.datasource.alexstore.versionAsOf, but");
    said.forEach(
        (setting, message) ->
            assertThatThrownBy(
                    () -> new AlexStoreOptions(Map.of()).withSession(Map.of(setting, "1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message));
  }

  @Test
  void anUnknownNameIsRefusedWithTheOneThatIsNear() {
    assertThat(AlexStoreOptions.names()).hasSizeLessThanOrEqualTo(25);
    Map<String, String> meant =
        Map.of(
            "primarykeys", "primaryKey",
            "primayrKey", "primaryKey",
            "onConflit", "onConflict",
            "targetSegmentSizes", "targetSegmentSize",
            "versionAsOff", "versionAsOf",
            "timestampAs0f", "timestampAsOf");
    meant.forEach(
        (unknown, near) ->
            assertThatThrownBy(() -> new AlexStoreOptions(Map.of(unknown, "x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no option " + unknown + " (did you mean " + near + "?)"));
    assertThatThrownBy(() -> new AlexStoreOptions(Map.of("mergeSchema", "x", "paht", "y")))
        .hasMessageContaining("no option mergeSchema, paht (did you mean path?).")
        .hasMessageContaining(String.join(", ", AlexStoreOptions.names()));
    // Settings of Hadoop have a dot.
    assertThat(new AlexStoreOptions(Map.of("fs.x", "1")).hadoopSettings()).containsKey("fs.x");
  }

  @Test
  void valuesThatCannotBeAreRefusedByName() {
    AlexStoreOptions wrong =
        new AlexStoreOptions(
            Map.of(
                "targetSegmentSize", "0",
                "onConflict", "replace",
                "localScanRows", "-1",
                "localScanBytes", "much",
                "runtimeFilterKeys", "all",
                "versionAsOf", "new",
                "overwriteSchema", "yes"));
    assertThatThrownBy(() -> wrong.targetSegmentSize(Map.of())).hasMessageContaining("'0'");
    assertThatThrownBy(() -> wrong.onConflict(Map.of())).hasMessageContaining("'replace'");
    assertThatThrownBy(wrong::localScanRows).hasMessageContaining("'-1'");
    assertThatThrownBy(wrong::localScanBytes).hasMessageContaining("'much'");
    assertThatThrownBy(wrong::runtimeFilterKeys).hasMessageContaining("'all'");
    assertThatThrownBy(wrong::versionAsOf).hasMessageContaining("'new'");
    assertThatThrownBy(wrong::overwriteSchema).hasMessageContaining("'yes'");
    assertThatThrownBy(wrong::requireNewest).hasMessageContaining("for reading");
  }

  // --- the README ---

  /** The first cells of the first table after a line that begins in some way. */
  private static List<String> table(String after) throws IOException {
    List<String> names = new ArrayList<>();
    boolean isAfter = false;
    for (String line : Files.readAllLines(Path.of("..", "README.md"))) {
      Matcher row = ROW.matcher(line);
      if (line.startsWith(after)) {
        isAfter = true;
      } else if (isAfter && row.matches()) {
        names.add(row.group(1));
      } else if (isAfter && !names.isEmpty() && !line.startsWith("|")) {
        break;
      }
    }
    return names;
  }

  @Test
  void theReadmeHasTheOptionsAndNoOthers() throws Exception {
    List<String> expected = new ArrayList<>(AlexStoreOptions.names());
    expected.remove(AlexStoreOptions.PATH); // What load and save are given.
    assertThat(table("## Options")).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void theReadmeHasTheTablePropertiesAndNoOthers() throws Exception {
    assertThat(table("**Table properties.**"))
        .containsExactlyInAnyOrderElementsOf(TableProperties.names());
  }
}
