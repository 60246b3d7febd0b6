package io.alexstore.table;

import io.alexstore.commit.OnConflict;
import io.alexstore.commit.ProbeOutcome;
import io.alexstore.error.CommitConflictException;
import io.alexstore.error.DuplicateKeyException;
import io.alexstore.io.FileStore;
import io.alexstore.io.FileStores;
import io.alexstore.log.Operation;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.maintain.Compaction;
import io.alexstore.row.Cursor;
import io.alexstore.segment.DeletionVector;
import io.alexstore.segment.Segment;
import io.alexstore.segment.SegmentInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * A process whose threads change, read and compact one table, and tell of it on the standard
 * output, for a {@link History}.
 */
final class HistoryWriters {

  static final int THREADS = 4;
  static final int KEYS = 200;

  private final FileStore store;
  private final String path;
  private final String name;
  private final Random random;

  private HistoryWriters(String path, String name, Random random) {
    this.store = FileStores.forPath(path);
    this.path = path;
    this.name = name;
    this.random = random;
  }

  /** Arguments: the table's path, the process's number, commits of each thread, a seed. */
  public static void main(String[] args) throws Exception {
    List<Thread> threads = new ArrayList<>();
    int process = Integer.parseInt(args[1]);
    int commits = Integer.parseInt(args[2]);
    for (int t = 0; t < THREADS; t++) {
      Random random = new Random(Long.parseLong(args[3]) + 31L * process + t);
      HistoryWriters writer = new HistoryWriters(args[0], process + "." + t, random);
      Thread thread =
          new Thread(
              () -> {
                try {
                  writer.run(commits);
                } catch (Exception | AssertionError e) {
                  e.printStackTrace();
                  System.exit(1);
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static void tell(String line) {
    System.out.println(line);
  }

  private void run(int commits) throws Exception {
    try (AlexTable table = AlexTable.open(store, path)) {
      for (int commit = 0; commit < commits; ) {
        table.refresh();
        SortedSet<Long> keys = new TreeSet<>();
        for (int i = 1 + random.nextInt(8); i > 0; i--) {
          keys.add((long) random.nextInt(KEYS));
        }
        try {
          switch (random.nextInt(8)) {
            case 0 -> Compaction.of(store, path).options(Tables.SMALL).all().run();
            case 1 -> read(table);
            default -> {
              if (change(table, name + "-" + commit, keys)) {
                commit++;
              }
            }
          }
        } catch (CommitConflictException | DuplicateKeyException e) {
          // As it should be: these keys are in the table, or another writer was there first.
        }
      }
    }
  }

  /** Reads all rows of a version, while the table goes on to newer ones. */
  private void read(AlexTable table) throws Exception {
    SortedMap<Long, String> rows = new TreeMap<>();
    long version = table.snapshot().version();
    try (Cursor cursor = table.scan()) {
      while (cursor.next()) {
        long key = cursor.row().getLong("id");
        if (rows.put(key, cursor.row().getString("by")) != null) {
          throw new AssertionError("key " + key + " comes twice in version " + version);
        }
        if (rows.size() % 32 == 0) {
          Thread.sleep(1);
          table.refresh();
        }
      }
    }
    tell(History.read(version, rows));
  }

  /** Changes rows and tells of it; false if there was nothing to change. */
  private boolean change(AlexTable table, String by, SortedSet<Long> keys) throws Exception {
    Snapshot made;
    String operation;
    switch (random.nextInt(5)) {
      case 0 -> {
        operation = "append";
        made = commit(table.beginAppend(), by, keys);
      }
      case 1 -> {
        operation = "upsert";
        made = commit(table.beginAppend(OnConflict.UPDATE), by, keys);
      }
      case 2 -> {
        operation = "ignore";
        made = commit(table.beginAppend(OnConflict.IGNORE), by, keys);
      }
      case 3 -> {
        operation = "delete";
        made = table.delete(List.copyOf(keys));
      }
      default -> {
        operation = "update";
        made = update(table, keys);
        if (made == null) {
          return false;
        }
      }
    }
    History.Commit commit = new History.Commit(operation, by, List.copyOf(keys));
    tell(History.committed(made.version(), commit));
    return true;
  }

  private Snapshot commit(TableWrite write, String by, SortedSet<Long> keys) throws Exception {
    List<SegmentInfo> segments = Tables.write(store, write, by, keys);
    try {
      return write.commit(segments);
    } finally {
      write.abort(segments);
    }
  }

  /** Reads rows and writes them anew, changed; {@code keys} becomes those that were there. */
  private Snapshot update(AlexTable table, SortedSet<Long> keys) throws Exception {
    Map<UUID, DeletionVector> rows = new HashMap<>();
    SortedMap<Long, String> values = new TreeMap<>();
    for (SegmentEntry entry : table.snapshot().segments()) {
      DeletionVector deleted = entry.deletions().read(store, path, entry);
      DeletionVector.Builder positions = new DeletionVector.Builder();
      try (Segment segment = Segment.open(store, entry.pathIn(path))) {
        for (long key : keys) {
          int position = segment.find(key);
          if (position >= 0 && !deleted.contains(position)) {
            positions.add(position);
            values.put(key, segment.row(position).getString("by"));
          }
        }
      }
      rows.put(entry.id(), positions.build());
    }
    keys.retainAll(values.keySet());
    if (keys.isEmpty()) {
      return null;
    }
    TableWrite write = table.beginRowChange(Operation.UPDATE, Optional.empty());
    List<SegmentInfo> segments = new ArrayList<>();
    for (Map.Entry<Long, String> row : values.entrySet()) {
      segments.addAll(
          Tables.write(store, write, History.updated(row.getValue()), List.of(row.getKey())));
    }
    try {
      return write.commitTasks(List.of(new TaskOutput(segments, ProbeOutcome.NONE).deleting(rows)));
    } finally {
      write.abort(segments);
    }
  }
}
