package io.alexstore.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.testkit.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A persistent tree is a sorted set, at each of its versions, and finds what a walk finds. */
class SegmentTreeTest {

  private static SegmentEntry segment(Random random, int min, int max) {
    UUID id = new UUID(random.nextLong(), random.nextLong());
    return new SegmentEntry(id, null, 0, 1 + random.nextInt(9), 7, key(min), key(max), 0);
  }

  private static byte[] key(int i) {
    // Different lengths and negative bytes: the order must be unsigned.
    byte[] key = {(byte) (i >> 15), (byte) (i >> 7), (byte) (i * 2), (byte) 0xff};
    return i % 3 == 0 ? Arrays.copyOf(key, 3) : key;
  }

  /** Of about as many keys as segments, so that some overlap; or of many, so that few do. */
  private static List<SegmentEntry> randomSegments(Random random, int n, int longest) {
    List<SegmentEntry> segments = new ArrayList<>();
    boolean apart = random.nextInt(3) == 0;
    for (int i = 0; i < n; i++) {
      int min = apart ? i * longest : random.nextInt(n * 5);
      segments.add(segment(random, min, min + random.nextInt(longest)));
    }
    segments.sort(SegmentTree.BY_KEY);
    return segments;
  }

  private static SegmentTree tree(List<SegmentEntry> sorted) {
    return SegmentTree.ofSorted(SegmentTree.BY_KEY, sorted.toArray(SegmentEntry[]::new));
  }

  private static SegmentTree grown(Random random, List<SegmentEntry> segments) {
    List<SegmentEntry> shuffled = new ArrayList<>(segments);
    Collections.shuffle(shuffled, random);
    SegmentTree tree = SegmentTree.empty(SegmentTree.BY_KEY);
    for (SegmentEntry segment : shuffled) {
      tree = tree.with(segment);
    }
    return tree;
  }

  private static int size(Random random) {
    return random.nextInt(random.nextBoolean() ? 20 : 3000);
  }

  private record Hit(UUID id, int place) {}

  @Test
  void findsWhatAWalkFinds() {
    Seeds.run(
        40,
        random -> {
          var segments = randomSegments(random, size(random), random.nextBoolean() ? 3 : 28);
          for (SegmentTree tree : List.of(tree(segments), grown(random, segments))) {
            assertThat(tree.asList()).isEqualTo(segments);
            for (int q = 0; q < 50; q++) {
              int from = random.nextInt(segments.size() * 5 + 20);
              byte[] low = random.nextInt(5) == 0 ? null : key(from);
              byte[] high = random.nextInt(5) == 0 ? null : key(from + random.nextInt(8));
              List<Hit> found = new ArrayList<>();
              tree.find(low, high, (segment, place) -> found.add(new Hit(segment.id(), place)));
              assertThat(found).isEqualTo(walk(segments, low, high));
            }
          }
        });
  }

  private static List<Hit> walk(List<SegmentEntry> segments, byte[] low, byte[] high) {
    List<Hit> found = new ArrayList<>();
    for (int i = 0; i < segments.size(); i++) {
      SegmentEntry s = segments.get(i);
      if ((low == null || Arrays.compareUnsigned(s.maxKey(), low) >= 0)
          && (high == null || Arrays.compareUnsigned(s.minKey(), high) <= 0)) {
        found.add(new Hit(s.id(), i));
      }
    }
    return found;
  }

  @Test
  void disjointMeansThatNoTwoRangesMeet() {
    Seeds.run(
        200,
        random -> {
          var segments = randomSegments(random, random.nextInt(60), 3);
          boolean disjoint = true;
          for (SegmentEntry a : segments) {
            for (SegmentEntry b : segments) {
              disjoint &= a.equals(b) || !a.overlaps(b);
            }
          }
          assertThat(tree(segments).disjoint()).isEqualTo(disjoint);
          assertThat(grown(random, segments).disjoint()).isEqualTo(disjoint);
        });
  }

  /** Each version keeps what it had, though its successors share most of its nodes. */
  @Test
  void versionsAreSortedSets() {
    Seeds.run(
        20,
        random -> {
          var all = randomSegments(random, 1 + size(random), 10);
          Set<SegmentEntry> model = new TreeSet<>(SegmentTree.BY_KEY);
          SegmentTree byKey = SegmentTree.empty(SegmentTree.BY_KEY);
          SegmentTree byId = SegmentTree.empty(SegmentTree.BY_ID);
          List<SegmentTree> trees = new ArrayList<>(List.of(byKey));
          List<List<SegmentEntry>> models = new ArrayList<>(List.of(List.of()));
          int steps = 3 * all.size();
          for (int i = 0; i < steps; i++) {
            SegmentEntry segment = all.get(random.nextInt(all.size()));
            // Grows at first, and is nearly empty in the end.
            boolean add = random.nextInt(steps) > i;
            if (add) {
              model.remove(segment);
              model.add(segment);
              byKey = byKey.with(segment);
              byId = byId.with(segment);
            } else if (model.remove(segment)) {
              byKey = byKey.without(segment);
              byId = byId.without(segment);
            }
            if (i % (1 + steps / 10) == 0) {
              trees.add(byKey);
              models.add(List.copyOf(model));
              check(byKey, byId, models.get(models.size() - 1));
            }
          }
          for (int i = 0; i < trees.size(); i++) {
            assertThat(trees.get(i).asList()).isEqualTo(models.get(i));
            assertThat(missing(trees.get(i), byKey))
                .isEqualTo(difference(models.get(i), new HashSet<>(model)));
          }
        });
  }

  private static void check(SegmentTree byKey, SegmentTree byId, List<SegmentEntry> model) {
    assertThat(byKey.size()).isEqualTo(model.size());
    assertThat(byKey.rows()).isEqualTo(model.stream().mapToLong(SegmentEntry::liveRows).sum());
    assertThat(byKey.bytes()).isEqualTo(7L * model.size());
    assertThat(byId.asList()).containsExactlyInAnyOrderElementsOf(model);
    for (int i = 0; i < model.size(); i++) {
      UUID id = model.get(i).id();
      assertThat(byKey.asList().get(i)).isSameAs(model.get(i));
      assertThat(byId.find(s -> s.id().compareTo(id))).isSameAs(model.get(i));
    }
    assertThat(byId.find(s -> s.id().compareTo(new UUID(1, 2)))).isNull();
    assertThat(byKey.depth()).isLessThanOrEqualTo(4);
  }

  private static List<SegmentEntry> missing(SegmentTree of, SegmentTree in) {
    List<SegmentEntry> missing = new ArrayList<>();
    of.forEachMissingIn(in, missing::add);
    return missing;
  }

  private static List<SegmentEntry> difference(List<SegmentEntry> all, Set<SegmentEntry> without) {
    return all.stream().filter(s -> !without.contains(s)).toList();
  }

  @Test
  void aSegmentTakesThePlaceOfAnEqualOne() {
    Random random = new Random(1);
    var segments = randomSegments(random, 500, 3);
    SegmentTree tree = tree(segments);
    SegmentEntry before = segments.get(100);
    SegmentEntry after =
        new SegmentEntry(before.id(), null, 0, 1000, 7, before.minKey(), before.maxKey(), 5);
    SegmentTree next = tree.with(after);
    assertThat(next.size()).isEqualTo(500);
    assertThat(next.asList().get(100)).isSameAs(after);
    assertThat(tree.asList().get(100)).isSameAs(before);
    assertThat(next.rows()).isEqualTo(tree.rows() - before.rows() + 1000);
    assertThat(missing(tree, next)).isEmpty();
  }

  @Test
  void idsSortThoughTheirFirstBitsAgree() {
    SegmentEntry[] entries = new SegmentEntry[1000];
    Random random = new Random(2);
    for (int i = 0; i < entries.length; i++) {
      UUID id = new UUID((long) (random.nextInt(9) - 4) << 60 | random.nextInt(50), i * 7919L);
      entries[i] = new SegmentEntry(id, null, 0, 1, 1, key(1), key(1), 0);
    }
    SegmentEntry[] expected = entries.clone();
    Arrays.sort(expected, SegmentTree.BY_ID);
    SegmentTree.sortById(entries);
    assertThat(entries).containsExactly(expected);
  }

  @Test
  void aWalkEnds() {
    var none = SegmentTree.empty(SegmentTree.BY_KEY).asList();
    assertThat(none).isEmpty();
    assertThatThrownBy(() -> none.iterator().next()).isInstanceOf(NoSuchElementException.class);
    var one = tree(List.of(segment(new Random(3), 1, 2))).asList();
    assertThatThrownBy(() -> one.get(1)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
