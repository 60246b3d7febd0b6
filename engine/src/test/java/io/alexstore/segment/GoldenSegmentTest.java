package io.alexstore.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.io.LocalFileStore;
import io.alexstore.key.KeyForm;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reads the golden segments, which {@link GoldenSegments} wrote once. Never change the files. */
class GoldenSegmentTest {

  @ParameterizedTest
  @EnumSource(SmallSegments.Kind.class)
  void formatOneIsReadForEver(SmallSegments.Kind kind) throws IOException, URISyntaxException {
    URL golden = GoldenSegmentTest.class.getResource("/golden/segment/v1/" + kind + ".alexseg");
    assertThat(golden).as("golden file of format 1").isNotNull();
    Path file = Path.of(golden.toURI());
    List<String> lines = Files.readAllLines(file.resolveSibling(kind + ".txt"));
    try (Segment segment = Segment.open(LocalFileStore.INSTANCE, file.toString())) {
      assertThat(segment.rowCount()).isEqualTo(lines.size());
      byte[] previous = null;
      int first = 0;
      for (int i = 0; i < lines.size(); i++) {
        String[] parts = lines.get(i).split(" ", 2);
        byte[] key = HexFormat.of().parseHex(parts[0]);
        first = Arrays.equals(key, previous) ? first : i;
        previous = key;
        assertThat(TestValues.text(segment.schema().columns(), segment.row(i))).isEqualTo(parts[1]);
        assertThat(segment.keyBytes(i)).isEqualTo(key);
        int found =
            segment.keyForm() == KeyForm.LONG
                ? segment.find(segment.longKey(i))
                : segment.find(key);
        assertThat(found).isEqualTo(first);
      }
    }
  }

  @Test
  void aGoldenSegmentHasEachCompressedEncoding() throws IOException, URISyntaxException {
    URL golden = GoldenSegmentTest.class.getResource("/golden/segment/v1/COMPRESSED.alexseg");
    String path = Path.of(golden.toURI()).toString();
    try (Segment segment = Segment.open(LocalFileStore.INSTANCE, path)) {
      // Symbols, twice, a dictionary of symbols, scaled doubles.
      int[] encodings = {6, 6, 7, 8};
      for (int i = 0; i < encodings.length; i++) {
        assertThat(segment.chunk(1 + i, 2).entry().encoding()).isEqualTo(encodings[i]);
      }
    }
  }
}
