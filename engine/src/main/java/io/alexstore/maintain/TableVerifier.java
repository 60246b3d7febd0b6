package io.alexstore.maintain;

import io.alexstore.error.AlexStoreException;
import io.alexstore.error.CorruptFileException;
import io.alexstore.io.FilePaths;
import io.alexstore.io.FileStore;
import io.alexstore.io.FileStores;
import io.alexstore.key.KeyCodec;
import io.alexstore.key.KeyForm;
import io.alexstore.log.LogFormat;
import io.alexstore.log.LogVerifier;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.segment.DeletionVector;
import io.alexstore.segment.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.UUID;

/**
 * Reads everything that the newest version of a table consists of and checks that it is right: the
 * log and its chain, every checksum, the order of keys, that the index finds every key, that
 * statistics bound the values, that deletion vectors fit, and that no key of a primary key stands
 * twice. Changes nothing.
 *
 * <p>It does not stop at what is wrong, but says all of it.
 *
 * <p>O(n) for n values in the table, beside one index lookup for each key. Memory use does not grow
 * with the number of rows.
 */
public final class TableVerifier {

  private TableVerifier() {}

  /**
   * Something that is wrong.
   *
   * @param file the file that it is wrong in
   * @param check what was checked: {@code log}, {@code file}, {@code checksum}, {@code metadata},
   *     {@code keys}, {@code index}, {@code values}, {@code statistics}, {@code deletions} or
   *     {@code uniqueness}
   * @param what what is wrong, and where
   */
  public record Finding(String file, String check, String what) {
    @Override
    public String toString() {
      return check + ": " + what + " [" + file + "]";
    }
  }

  /**
   * What was found.
   *
   * @param version the version that was checked: the newest, or the last before the log is damaged;
   *     -1 if there is none
   * @param segments how many segments it has
   * @param rows how many rows it has
   * @param findings what is wrong; empty if nothing is
   */
  public record Report(long version, int segments, long rows, List<Finding> findings) {
    /** Copies the list. */
    public Report {
      findings = List.copyOf(findings);
    }

    /** Whether nothing is wrong. */
    public boolean isClean() {
      return findings.isEmpty();
    }
  }

  /** Verifies the table at a path; see {@link #verify(FileStore, String)}. */
  public static Report verify(String path) throws IOException {
    return verify(FileStores.forPath(path), path);
  }

  /**
   * Verifies a table in a given store.
   *
   * @throws io.alexstore.error.TableNotFoundException if there is no table
   * @throws IOException if the log cannot be read for another reason than that it is damaged
   */
  public static Report verify(FileStore store, String path) throws IOException {
    Findings findings = new Findings();
    Optional<Snapshot> newest =
        LogVerifier.verify(
            store,
            path,
            e ->
                findings.add(
                    e instanceof CorruptFileException c
                        ? c.path()
                        : FilePaths.resolve(path, LogFormat.LOG_DIRECTORY),
                    "log",
                    e.getMessage()));
    if (newest.isEmpty()) {
      return new Report(-1, 0, 0, findings.list());
    }
    Snapshot snapshot = newest.get();
    // Clean segments only: of others the keys may be anything.
    Map<UUID, DeletionVector> sound = new HashMap<>();
    for (SegmentEntry entry : snapshot.segments()) {
      DeletionVector deleted = deletions(store, path, entry, findings);
      boolean keysAreSound = new SegmentVerifier(store, snapshot, entry, findings).verify();
      if (deleted != null && keysAreSound) {
        sound.put(entry.id(), deleted);
      }
    }
    if (KeyCodec.of(snapshot.schema()).isUnique()) {
      uniqueness(store, snapshot, sound, findings);
    }
    return new Report(
        snapshot.version(), snapshot.segments().size(), snapshot.rows(), findings.list());
  }

  /** The deletion vector of a segment; null if it cannot be read. */
  private static DeletionVector deletions(
      FileStore store, String table, SegmentEntry entry, Findings findings) {
    String vectorPath = entry.deletions().path();
    String file = vectorPath == null ? entry.pathIn(table) : FilePaths.resolve(table, vectorPath);
    DeletionVector[] vector = new DeletionVector[1];
    findings.guard(
        file, "deletions", () -> vector[0] = entry.deletions().read(store, table, entry));
    return vector[0];
  }

  private static void uniqueness(
      FileStore store, Snapshot snapshot, Map<UUID, DeletionVector> sound, Findings findings) {
    List<SegmentEntry> cluster = new ArrayList<>();
    byte[] max = null;
    for (SegmentEntry entry : snapshot.segments()) {
      if (!sound.containsKey(entry.id())) {
        continue;
      }
      if (max != null && Arrays.compareUnsigned(entry.minKey(), max) > 0) {
        uniqueIn(store, snapshot, cluster, sound, findings);
        cluster.clear();
        max = null;
      }
      cluster.add(entry);
      if (max == null || Arrays.compareUnsigned(entry.maxKey(), max) > 0) {
        max = entry.maxKey();
      }
    }
    uniqueIn(store, snapshot, cluster, sound, findings);
  }

  /** Looks for keys that stand twice in segments whose ranges of keys hang together. */
  private static void uniqueIn(
      FileStore store,
      Snapshot snapshot,
      List<SegmentEntry> cluster,
      Map<UUID, DeletionVector> sound,
      Findings findings) {
    if (cluster.size() < 2) {
      return;
    }
    List<Segment> open = new ArrayList<>();
    String table = snapshot.table();
    try {
      findings.guard(
          cluster.get(0).pathIn(table),
          "uniqueness",
          () -> {
            PriorityQueue<LiveHead> heads = new PriorityQueue<>();
            for (SegmentEntry entry : cluster) {
              Segment segment = Segment.open(store, entry.pathIn(table));
              open.add(segment);
              LiveHead head =
                  new LiveHead(entry, segment.as(segment.schema()), sound.get(entry.id()));
              if (head.moveTo(0)) {
                heads.add(head);
              }
            }
            merge(snapshot, heads, findings);
          });
    } finally {
      open.forEach(Segment::close);
    }
  }

  private static void merge(Snapshot snapshot, PriorityQueue<LiveHead> heads, Findings findings) {
    KeyCodec codec = KeyCodec.of(snapshot.schema());
    while (heads.size() > 1) {
      LiveHead first = heads.poll();
      LiveHead next = heads.peek();
      boolean isDuplicate = first.compareTo(next) == 0;
      if (isDuplicate) {
        findings.add(
            first.entry().pathIn(snapshot.table()),
            "uniqueness",
            "the key "
                + key(codec, first.segment(), first.position())
                + " stands at position "
                + first.position()
                + ", and at position "
                + next.position()
                + " of "
                + next.entry().path());
      }
      boolean hasMore = isDuplicate ? first.moveTo(first.position() + 1) : first.leapTo(next);
      if (hasMore) {
        heads.add(first);
      }
    }
  }

  static String key(KeyCodec codec, Segment segment, int position) {
    try {
      return segment.keyForm() == KeyForm.LONG
          ? codec.format(segment.longKey(position))
          : codec.format(segment.keyBytes(position));
    } catch (AlexStoreException | IllegalArgumentException | IndexOutOfBoundsException e) {
      return "(" + e.getMessage() + ")";
    }
  }
}
