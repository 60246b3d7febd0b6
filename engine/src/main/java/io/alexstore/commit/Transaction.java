package io.alexstore.commit;

import io.alexstore.error.AlexStoreException;
import io.alexstore.error.CommitConflictException;
import io.alexstore.error.CommitStateUnknownException;
import io.alexstore.error.DuplicateKeyException;
import io.alexstore.error.MissingFileException;
import io.alexstore.io.FilePaths;
import io.alexstore.io.FileStore;
import io.alexstore.key.EncodedRange;
import io.alexstore.key.KeyCodec;
import io.alexstore.key.KeyForm;
import io.alexstore.key.KeyRanges;
import io.alexstore.log.Deletions;
import io.alexstore.log.LogEntry;
import io.alexstore.log.LogFormat;
import io.alexstore.log.Operation;
import io.alexstore.log.SegmentEntry;
import io.alexstore.log.Snapshot;
import io.alexstore.log.SnapshotEdit;
import io.alexstore.log.TableLog;
import io.alexstore.segment.DeletionVector;
import io.alexstore.segment.Segment;
import io.alexstore.segment.SegmentInfo;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Commits a {@link Change} that was made for one version of a table on top of whatever version is
 * the newest: goes over what others committed since, refuses what does not go together with it, and
 * looks the keys of new rows up through the index, so that each key of a primary key stands in the
 * table at most once. {@code docs/transactions.md} states what is promised.
 *
 * <p>For one commit, one thread.
 */
public final class Transaction {

  /** The longest wait between two attempts; the first ones wait less. */
  private static final int MAX_PAUSE_MS = 50;

  private final FileStore store;
  private final TableLog log;
  private final Snapshot base;
  private final KeyCodec codec;
  private final SegmentOpener opener;
  private final DeletionVectors vectors;
  private final int maxRetries;

  /** Keys that a new segment and one of the table have in common; both never change. */
  private final Map<List<UUID>, KeyHits> hits = new HashMap<>();

  /**
   * A transaction.
   *
   * @param base the version that the change was made for
   * @param opener how segments, new ones and the table's, are opened
   * @param maxRetries how often it tries again when it loses the race for the next version, at
   *     least 0
   */
  public Transaction(
      FileStore store,
      TableLog log,
      Snapshot base,
      SegmentOpener opener,
      DeletionVectors vectors,
      int maxRetries) {
    this.store = store;
    this.log = log;
    this.base = base;
    this.codec = KeyCodec.of(base.schema());
    this.opener = opener;
    this.vectors = vectors;
    this.maxRetries = maxRetries;
  }

  /**
   * Commits.
   *
   * @param probed what tasks found when they looked the keys of new rows up; {@link
   *     ProbeOutcome#NONE} if they did not
   * @return the version that was made; the newest one, if the change's source committed it before
   * @throws DuplicateKeyException if a key would stand in the table twice
   * @throws CommitConflictException if another writer's commit does not go together with this one,
   *     or others won too many races, or the version that the change was made for has expired
   * @throws CommitStateUnknownException if the commit may or may not have happened
   * @throws IOException if the commit certainly did not happen
   */
  public Snapshot commit(Change change, ProbeOutcome probed) throws IOException {
    try {
      return tryToCommit(change, probed);
    } catch (MissingFileException e) {
      throw hasExpired(e.path()) ? expired(e) : e;
    }
  }

  private Snapshot tryToCommit(Change change, ProbeOutcome probed) throws IOException {
    PendingDeletions pending =
        new PendingDeletions(
            base, codec.form(), codec.isUnique(), opener, vectors, change.deleted());
    Set<UUID> removed = new HashSet<>(change.removed());
    RewrittenRows rewrite =
        change.isRewrite()
            ? new RewrittenRows(base, codec, opener, vectors, change, removed)
            : null;
    Set<UUID> known = new HashSet<>();
    if (probed.version() == base.version()) {
      base.segments().forEach(s -> known.add(s.id()));
      known.removeAll(probed.undecided());
    }
    Snapshot newest = base;
    for (int attempt = 1; ; attempt++) {
      List<LogEntry> since = new ArrayList<>();
      newest = log.refresh(newest, since::add);
      if (isCommitted(change, newest)) {
        return newest;
      }
      for (LogEntry entry : since) {
        if (rewrite != null) {
          rewrite.apply(entry);
        }
        requireCompatible(change, removed, entry);
        pending.apply(entry);
        // A rollback brings segments again, with rows that were deleted when tasks looked.
        entry.added().forEach(s -> known.remove(s.id()));
      }
      Effect effect = new Effect(newest, change, Set.copyOf(removed));
      pending.rows().forEach(effect::delete);
      if (rewrite != null) {
        rewrite.gone().forEach(effect::delete);
      }
      if (change.deletedKeys().isPresent()) {
        effect.deleteKeys(change.deletedKeys().get());
      }
      if (codec.isUnique() && !change.isRewrite()) {
        effect.meetKeys(known);
      }
      try {
        return publish(newest, effect);
      } catch (CommitConflictException e) {
        if (attempt > maxRetries) {
          throw tooManyRaces(e.version(), attempt);
        }
        pause(attempt);
      }
    }
  }

  private CommitConflictException tooManyRaces(long version, int races) {
    return new CommitConflictException(
        base.table(),
        version,
        "so it was with each of the "
            + races
            + " attempts to publish this commit: it is tried again no more than "
            + maxRetries
            + " times (in Spark option commitRetries, in Java withCommitRetries)");
  }

  /** Whether a file is missing because the base has expired, and only it had the file. */
  private boolean hasExpired(String file) throws IOException {
    Snapshot newest = log.refresh(base);
    return base.version() < newest.expiredBefore()
        && newest.segments().stream().noneMatch(segment -> hasFile(segment, file));
  }

  private boolean hasFile(SegmentEntry segment, String file) {
    String vector = segment.deletions().path();
    return segment.pathIn(base.table()).equals(file)
        || (vector != null && FilePaths.resolve(base.table(), vector).equals(file));
  }

  private CommitConflictException expired(MissingFileException cause) throws IOException {
    CommitConflictException conflict =
        new CommitConflictException(
            base.table(),
            log.refresh(base).version(),
            "version "
                + base.version()
                + ", on which this write stands, has expired since, so its rows cannot be followed"
                + " to where they are now (let versions expire later than the longest write takes)");
    conflict.initCause(cause);
    return conflict;
  }

  private static boolean isCommitted(Change change, Snapshot newest) {
    if (change.source().isEmpty()) {
      return false;
    }
    OptionalLong last = newest.lastSequence(change.source().get().writerId());
    return last.isPresent() && last.getAsLong() >= change.source().get().sequence();
  }

  /**
   * The rules that need no look at rows.
   *
   * @param replaced the segments that the change replaces; those of them that a compaction wrote
   *     anew are exchanged for what it made of them
   */
  private void requireCompatible(Change change, Set<UUID> replaced, LogEntry entry) {
    boolean isRewrite = entry.operation().equals(Operation.COMPACT);
    if (isRewrite && !change.isRewrite() && replaced.containsAll(entry.removed())) {
      // The same rows in other places. Not so if rows went that the compaction had: then the
      // commit by which they went is a conflict, and came before.
      entry.removed().forEach(replaced::remove);
      entry.added().forEach(s -> replaced.add(s.id()));
      return;
    }
    if (entry.operation().equals(Operation.EXPIRE) || entry.operation().equals(Operation.OWN)) {
      return;
    }
    if (change.isExclusive()) {
      throw conflict(
          entry,
          "this overwrite replaces version "
              + base.version()
              + ", so that commit's rows would be lost unseen");
    }
    if (entry.schema().isPresent()) {
      boolean isEvolved =
          entry.operation().equals(Operation.ALTER)
              && entry.schema().get().checks().equals(base.schema().checks());
      if (isEvolved && change.schema().isEmpty()) {
        // As if this one had come before: its rows are read with the new columns as the others are.
        return;
      }
      throw conflict(entry, "the table has another schema since");
    }
    for (UUID removed : entry.removed()) {
      if (replaced.contains(removed)) {
        throw conflict(entry, "it replaced a segment that this write replaces, too");
      }
    }
    if (!change.isRewrite()) {
      for (UUID changed : entry.deletions().keySet()) {
        if (replaced.contains(changed)) {
          throw conflict(entry, "it changed rows of a segment that this write replaces");
        }
      }
    }
    if (change.read().isPresent() && !isRewrite) {
      for (SegmentEntry added : entry.added()) {
        if (added.overlaps(change.read().get())) {
          throw conflict(
              entry,
              "it added rows among those that this write has read, or changed rows that this"
                  + " overwrite replaces, after version "
                  + base.version());
        }
      }
    }
  }

  private CommitConflictException conflict(LogEntry entry, String why) {
    return new CommitConflictException(base.table(), entry.version(), why);
  }

  private Snapshot publish(Snapshot newest, Effect effect) throws IOException {
    List<Deletions> written = new ArrayList<>();
    try {
      return log.publish(newest, effect.edit(written));
    } catch (CommitStateUnknownException e) {
      throw e; // The entry may name them.
    } catch (IOException | RuntimeException e) {
      vectors.discard(written);
      throw e;
    }
  }

  /** Writers that lose together and come back together would lose again. */
  private static void pause(int attempt) throws IOException {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextInt(Math.min(2 + 2 * attempt, MAX_PAUSE_MS)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while waiting to commit again");
    }
  }

  /** What a change comes to on top of one version. */
  private final class Effect {
    private final Snapshot newest;
    private final Change change;
    private final Set<UUID> replaced;
    private final Map<UUID, SegmentEntry> added = new LinkedHashMap<>();
    private final Map<UUID, DeletionVector> deleted = new LinkedHashMap<>();

    /** Of the new keys that are in the table the smallest, and the segment that has it. */
    private byte[] duplicateKey;

    private SegmentEntry duplicateOf;

    Effect(Snapshot newest, Change change, Set<UUID> replaced) {
      this.newest = newest;
      this.change = change;
      this.replaced = replaced;
      change.added().forEach(s -> added.put(s.id(), s));
    }

    void delete(UUID segment, DeletionVector rows) {
      deleted.merge(segment, rows, DeletionVector::union);
    }

    /** Deletes all rows of the version with some keys. */
    void deleteKeys(KeyRanges keys) throws IOException {
      for (SegmentEntry entry : newest.segmentsFor(keys)) {
        if (!replaced.contains(entry.id())) {
          if (entry.isWithin(keys)) {
            delete(entry.id(), DeletionVector.ofRange(0, Math.toIntExact(entry.rows())));
          } else {
            Segment segment = opener.open(entry);
            DeletionVector.Builder rows = new DeletionVector.Builder();
            for (EncodedRange range : keys.list()) {
              rows.addRange(segment.from(range), segment.to(range));
            }
            delete(entry.id(), rows.build().minus(vectors.of(entry)));
          }
        }
      }
    }

    /** Settles what becomes of new rows whose keys are in the version. */
    void meetKeys(Set<UUID> known) throws IOException {
      List<SegmentEntry> inOrder = new ArrayList<>(change.added());
      inOrder.sort(Comparator.comparing(SegmentEntry::minKey, Arrays::compareUnsigned));
      for (SegmentEntry entry : inOrder) {
        for (SegmentEntry other : newest.segmentsFor(entry.minKey(), entry.maxKey())) {
          if (!known.contains(other.id()) && !replaced.contains(other.id())) {
            meet(entry, other);
          }
        }
      }
      if (duplicateOf != null) {
        throw duplicate();
      }
    }

    private boolean hasKeysBetween(Segment segment, byte[] min, byte[] max) {
      return codec.form() == KeyForm.LONG
          ? segment.lowerBound(SegmentInfo.longKey(min))
              < segment.upperBound(SegmentInfo.longKey(max))
          : segment.lowerBound(min, 0, min.length) < segment.upperBound(max, 0, max.length);
    }

    private void meet(SegmentEntry entry, SegmentEntry other) throws IOException {
      KeyHits common = hits.get(List.of(entry.id(), other.id()));
      if (common == null) {
        Segment mine = opener.open(entry);
        if (!hasKeysBetween(mine, other.minKey(), other.maxKey())) {
          return; // The other need not be opened: so few keys far apart touch few segments.
        }
        common = KeyHits.of(codec.form(), mine, opener.open(other));
        hits.put(List.of(entry.id(), other.id()), common);
      }
      if (common.count() == 0) {
        return;
      }
      DeletionVector gone =
          vectors.of(other).union(deleted.getOrDefault(other.id(), DeletionVector.NONE));
      DeletionVector bornDeleted = deleted.getOrDefault(entry.id(), DeletionVector.NONE);
      DeletionVector.Builder rows = new DeletionVector.Builder();
      for (int i = 0; i < common.count(); i++) {
        if (!gone.contains(common.second(i)) && !bornDeleted.contains(common.first(i))) {
          switch (change.onConflict()) {
            case ERROR -> {
              byte[] key = opener.open(entry).keyBytes(common.first(i));
              if (duplicateOf == null || Arrays.compareUnsigned(key, duplicateKey) < 0) {
                duplicateKey = key;
                duplicateOf = other;
              }
              return; // Those that follow are larger.
            }
            case UPDATE -> rows.add(common.second(i));
            case IGNORE -> rows.add(common.first(i));
          }
        }
      }
      if (!rows.isEmpty()) {
        delete(change.onConflict() == OnConflict.UPDATE ? other.id() : entry.id(), rows.build());
      }
    }

    /**
     * The error for a new key that is in the version. A MERGE inserts a key because it has not
     * found it: if it came since, the statement can be run again, and will find it.
     */
    private AlexStoreException duplicate() throws IOException {
      String key =
          codec.form() == KeyForm.LONG
              ? codec.format(SegmentInfo.longKey(duplicateKey))
              : codec.format(duplicateKey);
      if (change.operation().equals(Operation.MERGE) && !isInBase(duplicateKey)) {
        return new CommitConflictException(
            newest.table(),
            duplicateOf.addedIn(),
            "it has a row with the key " + key + ", which this MERGE did not find and adds, too");
      }
      return new DuplicateKeyException(
          key,
          "is in the table at "
              + newest.table()
              + " already (segment "
              + duplicateOf.path()
              + ", version "
              + duplicateOf.addedIn()
              + "), in a row that this "
              + switch (change.operation()) {
                case Operation.OVERWRITE ->
                    "overwrite's condition leaves there. Nothing was committed. Leave such rows"
                        + " out, or have the condition take them in.";
                case Operation.UPDATE, Operation.MERGE ->
                    "statement leaves there. Nothing was committed. Have the statement write"
                        + " another key, or delete that row.";
                default ->
                    "write does not replace. Nothing was committed. Leave such rows out, or say"
                        + " with onConflict (update or ignore) what is to become of them.";
              });
    }

    private boolean isInBase(byte[] key) throws IOException {
      for (SegmentEntry entry : base.segmentsFor(key, key)) {
        Segment segment = opener.open(entry);
        int position =
            codec.form() == KeyForm.LONG
                ? segment.find(SegmentInfo.longKey(key))
                : segment.find(key);
        if (position >= 0 && !vectors.of(entry).contains(position)) {
          return true;
        }
      }
      return false;
    }

    /** The edit; writes vectors that are too large for the log. */
    SnapshotEdit edit(List<Deletions> written) throws IOException {
      Set<UUID> removed = new HashSet<>(replaced);
      Map<UUID, Deletions> deletions = new HashMap<>();
      long deletedRows = 0;
      for (Map.Entry<UUID, DeletionVector> rows : deleted.entrySet()) {
        UUID id = rows.getKey();
        SegmentEntry segment = added.get(id);
        boolean isNew = segment != null;
        if (!isNew) {
          segment = newest.segment(id).orElseThrow();
        }
        DeletionVector all = vectors.of(segment).union(rows.getValue());
        deletedRows += all.count() - segment.deletedRows();
        if (all.count() == segment.rows()) {
          // None is left; of a new segment nobody ever hears, and its file is left over.
          if (isNew) {
            added.remove(id);
          } else {
            removed.add(id);
          }
        } else if (all.count() > segment.deletedRows()) {
          Deletions place = vectors.write(all);
          written.add(place);
          deletions.put(id, place);
        }
      }
      if (written.stream().anyMatch(d -> d.path() != null)) {
        store.syncDirectory(FilePaths.resolve(log.table(), LogFormat.DATA_DIRECTORY));
      }
      return SnapshotEdit.of(
              change.operation(),
              change.schema().filter(s -> !s.equals(newest.schema())),
              change.properties().filter(p -> !p.equals(newest.properties())),
              List.copyOf(added.values()),
              List.copyOf(removed))
          .withDeletions(deletions, deletedRows)
          .withSource(change.source());
    }
  }
}
