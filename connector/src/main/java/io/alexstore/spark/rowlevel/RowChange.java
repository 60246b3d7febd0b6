package io.alexstore.spark.rowlevel;

import io.alexstore.key.KeyRanges;
import io.alexstore.log.Snapshot;
import io.alexstore.schema.Column;
import io.alexstore.spark.conf.AlexStoreOptions;
import io.alexstore.spark.conf.TableStorage;
import io.alexstore.spark.read.MetadataColumns;
import io.alexstore.spark.scan.AlexScanBuilder;
import io.alexstore.spark.write.CheckedRows;
import io.alexstore.spark.write.KeyOrder;
import io.alexstore.table.AlexTable;
import io.alexstore.table.TableWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.write.DeltaWrite;
import org.apache.spark.sql.connector.write.DeltaWriteBuilder;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.SupportsDelta;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * An UPDATE, DELETE or MERGE. It reads one version of the table, and its commit stands on that one:
 * rows are told apart by where they stand in it.
 *
 * <p>An update stays one row on its way to the writer, rather than a delete and an insert: half as
 * many rows are shuffled, and a row that is updated twice is known from one that is deleted twice.
 */
public final class RowChange implements SupportsDelta {

  private final TableStorage storage;
  private final AlexTable table;
  private final AlexStoreOptions options;
  private final Command command;
  private final Supplier<Snapshot> newest;
  private final List<AlexScanBuilder> scans = new ArrayList<>();
  private Snapshot base;
  private boolean keysOnly;

  /**
   * A change.
   *
   * @param table the table, in any version
   * @param newest gives the version that the statement reads
   */
  public RowChange(
      TableStorage storage,
      AlexTable table,
      AlexStoreOptions options,
      Command command,
      Supplier<Snapshot> newest) {
    this.storage = storage;
    this.table = table;
    this.options = options;
    this.command = command;
    this.newest = newest;
  }

  @Override
  public Command command() {
    return command;
  }

  @Override
  public String description() {
    return "alexstore " + command.name().toLowerCase(Locale.ROOT) + " of " + storage.table();
  }

  /** Whether it is a MERGE. */
  public boolean isMerge() {
    return command == Command.MERGE;
  }

  /** Up to how many rows the driver reads by itself, without a job; 0 for none. */
  public int maxLocalRows() {
    return options.localScanRows();
  }

  /** Up to how many bytes of rows the driver reads by itself. */
  public long maxLocalBytes() {
    return options.localScanBytes();
  }

  /** Whether at most one row has a key. */
  public boolean isKeyUnique() {
    return table.schema().key().isUnique();
  }

  /** The names of the key's columns. */
  public List<String> keyColumns() {
    return table.schema().keyColumns().stream().map(Column::name).toList();
  }

  /**
   * Says that what the statement does with a row depends on no other row of the table. The commit
   * then does not mind rows that others add: one with a key that this statement adds, too, is a
   * duplicate, and otherwise it is as if the statement had come before them.
   */
  public synchronized void dependOnKeysOnly() {
    keysOnly = true;
  }

  @Override
  public NamedReference[] rowId() {
    return new NamedReference[] {
      KeyOrder.reference(MetadataColumns.SEGMENT), KeyOrder.reference(MetadataColumns.POSITION)
    };
  }

  @Override
  public synchronized ScanBuilder newScanBuilder(CaseInsensitiveStringMap scanOptions) {
    AlexScanBuilder scan = new AlexScanBuilder(storage, base(), options);
    scan.forChange(command == Command.MERGE);
    scans.add(scan);
    return scan;
  }

  private Snapshot base() {
    if (base == null) {
      base = newest.get();
    }
    return base;
  }

  @Override
  public DeltaWriteBuilder newWriteBuilder(LogicalWriteInfo info) {
    return new DeltaWriteBuilder() {
      @Override
      public DeltaWrite build() {
        return write(info);
      }
    };
  }

  private synchronized DeltaWrite write(LogicalWriteInfo info) {
    Map<String, String> properties = table.snapshot().properties();
    long size = options.targetSegmentSize(properties);
    int retries = options.commitRetries(properties);
    boolean isSmall =
        command == Command.UPDATE
            && !scans.isEmpty()
            && scans.stream().allMatch(AlexScanBuilder::isAnswered);
    return new RowChangeWrite(
        storage,
        table.schema(),
        new RowChangeBatch(storage, () -> begin().withCommitRetries(retries), size),
        command.name().toLowerCase(Locale.ROOT),
        !info.schema().isEmpty(),
        isSmall);
  }

  private synchronized TableWrite begin() {
    Optional<KeyRanges> read =
        keysOnly
            ? Optional.empty()
            : scans.stream().map(AlexScanBuilder::ranges).reduce(KeyRanges::union);
    return CheckedRows.promised(
        table.at(base()).beginRowChange(command.name().toLowerCase(Locale.ROOT), read));
  }
}
