package io.alexstore.segment.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.schema.ColumnType;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaBuilder;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RowGroupBufferTest {

  /** Values are held in 8 bytes each, and lists may have any number: the bound must see that. */
  @ParameterizedTest
  @EnumSource(
      value = ScalarType.class,
      names = {"BOOLEAN", "BYTE", "SHORT", "INT", "LONG"})
  void heldValuesAreCountedByAtLeastHalfOfTheirMemory(ScalarType element) {
    ColumnType list = SchemaBuilder.list(element);
    Schema schema =
        new SchemaBuilder()
            .column("id", ScalarType.LONG, false)
            .column("list", list)
            .primaryKey("id")
            .build();
    RowGroupBuffer buffer = new RowGroupBuffer(schema, new NodeTree(schema));
    Object[] elements = new Object[1000];
    Arrays.fill(elements, 1L);
    for (long i = 0; i < 50; i++) {
      buffer.append(new ModelValues(i, new ModelValues(elements)));
    }
    assertThat(buffer.bytes()).isGreaterThanOrEqualTo(50 * 1000 * Long.BYTES / 2);
    buffer.drain(20);
    assertThat(buffer.bytes()).isBetween(30 * 1000 * 4L, 30 * 1000 * 9L);
    buffer.truncate(10);
    assertThat(buffer.bytes()).isBetween(10 * 1000 * 4L, 10 * 1000 * 9L);
  }
}
