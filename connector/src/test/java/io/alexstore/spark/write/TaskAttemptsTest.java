package io.alexstore.spark.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.commit.OnConflict;
import io.alexstore.schema.ScalarType;
import io.alexstore.schema.Schema;
import io.alexstore.schema.SchemaBuilder;
import io.alexstore.spark.conf.TableStorage;
import io.alexstore.table.AlexTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What attempts of tasks leave behind, as Spark calls them when some fail or run twice. */
class TaskAttemptsTest {

  /** So that each attempt has finished segments and one that it is at. */
  private static final long SMALL_SEGMENTS = 4_000;

  private static final int ROWS = 20_000;

  private final Schema schema =
      new SchemaBuilder()
          .column("id", ScalarType.LONG)
          .column("v", ScalarType.LONG)
          .primaryKey("id")
          .build();

  @TempDir Path directory;
  private String path;
  private AlexBatchWrite write;
  private DataWriterFactory factory;

  private record Info(int numPartitions) implements PhysicalWriteInfo {}

  @BeforeEach
  void begin() {
    path = directory.resolve("table").toString();
    write =
        new AlexBatchWrite(
            TableStorage.ofLocal(path),
            mode -> AlexTable.beginCreate(path, schema, Map.of()),
            new WriteMode.Append(OnConflict.ERROR),
            new Conflicts(OnConflict.ERROR, -1),
            SMALL_SEGMENTS);
    factory = write.createBatchWriterFactory(new Info(2));
  }

  private DataWriter<InternalRow> attempt(int partition, long task) throws IOException {
    DataWriter<InternalRow> writer = factory.createWriter(partition, task);
    for (long i = 0; i < ROWS; i++) {
      writer.write(new GenericInternalRow(new Object[] {partition * 1_000_000L + i, i}));
    }
    return writer;
  }

  private static WriterCommitMessage commit(DataWriter<InternalRow> writer) throws IOException {
    WriterCommitMessage message = writer.commit();
    writer.close();
    return message;
  }

  private long files() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(path, "data"))) {
      return files.count();
    }
  }

  @Test
  void anAttemptThatFailsDeletesItsFiles() throws IOException {
    DataWriter<InternalRow> failing = attempt(0, 0);
    assertThat(files()).isGreaterThan(1);
    failing.abort();
    failing.close();
    assertThat(files()).isZero();

    WriterCommitMessage[] messages = {commit(attempt(0, 1)), commit(attempt(1, 2))};
    write.commit(messages);
    try (AlexTable table = AlexTable.open(path)) {
      assertThat(table.snapshot().rows()).isEqualTo(2 * ROWS);
      assertThat(table.listOrphans()).isEmpty();
    }
  }

  @Test
  void anAttemptOnALostMachineIsNotRead() throws IOException {
    DataWriter<InternalRow> lost = attempt(0, 0); // Neither committed, aborted nor closed.
    WriterCommitMessage[] messages = {commit(attempt(0, 1)), commit(attempt(1, 2))};
    write.commit(messages);
    try (AlexTable table = AlexTable.open(path)) {
      assertThat(table.snapshot().rows()).isEqualTo(2 * ROWS);
      assertThat(table.get(ROWS - 1L)).isPresent();
      assertThat(table.listOrphans()).isNotEmpty();
    }
    lost.close();
    try (AlexTable table = AlexTable.open(path)) {
      assertThat(table.listOrphans()).isEmpty();
    }
  }

  @Test
  void oneOfTwoSpeculativeAttemptsCounts() throws IOException {
    DataWriter<InternalRow> slow = attempt(0, 0);
    DataWriter<InternalRow> speculative = attempt(0, 1);
    WriterCommitMessage winner = commit(speculative);
    // Spark lets one attempt commit; should another get through, its message is not handed on.
    commit(slow);
    write.commit(new WriterCommitMessage[] {winner, commit(attempt(1, 2))});
    try (AlexTable table = AlexTable.open(path)) {
      assertThat(table.snapshot().rows()).isEqualTo(2 * ROWS);
      assertThat(table.listOrphans()).isNotEmpty();
    }
  }

  @Test
  void aJobThatFailsDeletesWhatItsTasksFinished() throws IOException {
    WriterCommitMessage[] messages = {commit(attempt(0, 0)), null};
    assertThat(files()).isGreaterThan(1);
    write.abort(messages);
    assertThat(files()).isZero();
    assertThat(AlexTable.exists(path)).isFalse();
  }
}
