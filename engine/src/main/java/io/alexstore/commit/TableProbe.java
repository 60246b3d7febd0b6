package io.alexstore.commit;

import io.alexstore.error.MissingFileException;
import io.alexstore.key.KeyForm;
import io.alexstore.log.SegmentEntry;
import io.alexstore.segment.DeletionVector;
import io.alexstore.segment.RollingSegmentWriter;
import io.alexstore.segment.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Looks for keys in a version of a table while they are written: what a task can do for the commit
 * on its own machine. It finds and does not judge: whether a key that was found is a duplicate is
 * known at the commit, when its row may have left the table.
 *
 * <p>The keys come in ascending order, so that a segment is opened when they reach it and closed
 * when they have passed it. Each key costs a step of a merge or a lookup in each segment whose
 * range it is in. Not thread-safe.
 */
public final class TableProbe implements AutoCloseable {

  /** Opens a segment, which the probe closes. */
  @FunctionalInterface
  public interface Opener {
    /** The open segment. */
    Segment open(SegmentEntry entry) throws IOException;
  }

  private record Reached(SegmentEntry entry, Segment segment, DeletionVector deleted) {}

  private final long version;
  private final List<SegmentEntry> segments;
  private final Opener opener;
  private final DeletionVectors vectors;
  private final KeyGroup group;
  private final List<Reached> reached = new ArrayList<>();
  private final Set<UUID> undecided = new HashSet<>();
  private int next;
  private long keys;

  /**
   * A probe.
   *
   * @param version the version
   * @param segments its segments, in the order of their smallest keys
   * @param opener opens them
   * @param vectors their deleted rows, which do not count
   */
  public TableProbe(
      KeyForm form,
      long version,
      List<SegmentEntry> segments,
      Opener opener,
      DeletionVectors vectors) {
    this.version = version;
    this.segments = segments;
    this.opener = opener;
    this.vectors = vectors;
    this.group = new KeyGroup(form);
  }

  /** Takes the key of the row that a writer took last; it must follow the last one. */
  public void addLastOf(RollingSegmentWriter writer) throws IOException {
    if (segments.isEmpty()) {
      return;
    }
    keys++;
    group.addLastOf(writer);
    if (group.count() == KeyGroup.CAPACITY) {
      probe();
    }
  }

  private void probe() throws IOException {
    byte[] first = group.key(0);
    byte[] last = group.key(group.count() - 1);
    leave(first);
    while (next < segments.size()
        && Arrays.compareUnsigned(segments.get(next).minKey(), last) <= 0) {
      SegmentEntry entry = segments.get(next++);
      if (Arrays.compareUnsigned(entry.maxKey(), first) >= 0) {
        reach(entry);
      }
    }
    for (Iterator<Reached> all = reached.iterator(); all.hasNext(); ) {
      Reached one = all.next();
      if (hasOne(one)) {
        // One is enough: the commit looks at a segment with such a key itself.
        undecided.add(one.entry().id());
        one.segment().close();
        all.remove();
      }
    }
    group.clear();
  }

  private void reach(SegmentEntry entry) throws IOException {
    try {
      DeletionVector deleted = vectors.of(entry);
      reached.add(new Reached(entry, opener.open(entry), deleted));
    } catch (MissingFileException e) {
      // As when it was compacted since, and its version has expired: then it is not of the version
      // that the commit comes to stand on. If it is, the commit misses it, too.
      undecided.add(entry.id());
    }
  }

  /** Whether a key of the group stands in a row that is not deleted. */
  private boolean hasOne(Reached one) {
    int[] positions = group.positionsIn(one.segment());
    for (int i = 0; i < group.count(); i++) {
      if (positions[i] >= 0 && !one.deleted().contains(positions[i])) {
        return true;
      }
    }
    return false;
  }

  /** Closes the segments that end before a key. */
  private void leave(byte[] key) {
    reached.removeIf(
        one -> {
          boolean passed = Arrays.compareUnsigned(one.entry().maxKey(), key) < 0;
          if (passed) {
            one.segment().close();
          }
          return passed;
        });
  }

  /** How many keys have been looked for; none, if there are no segments. */
  public long keysProbed() {
    return keys;
  }

  /** Ends the probe. */
  public ProbeOutcome finish() throws IOException {
    if (group.count() > 0) {
      probe();
    }
    close();
    return new ProbeOutcome(version, undecided);
  }

  @Override
  public void close() {
    reached.forEach(one -> one.segment().close());
    reached.clear();
  }
}
