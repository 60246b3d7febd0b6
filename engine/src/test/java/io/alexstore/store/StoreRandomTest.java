package io.alexstore.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.alexstore.key.KeyForm;
import io.alexstore.row.Cursor;
import io.alexstore.table.AlexTable;
import io.alexstore.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random operations, with snapshots, flushes, compactions and reopenings, against a {@link
 * TreeMap}. {@code -Dalexstore.store.operations=500000} for a million, of which half are by each
 * kind of keys.
 */
class StoreRandomTest {

  private static final int OPERATIONS = Integer.getInteger("alexstore.store.operations", 30_000);

  private record Held(StoreSnapshot snapshot, Map<byte[], byte[]> rows) {}

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(KeyForm.class)
  void aStoreHoldsWhatAMapHolds(KeyForm form) {
    int[] run = {0};
    Seeds.run(
        1,
        random -> {
          Path path = directory.resolve("store" + run[0]++);
          new Run(form, random, path).run(OPERATIONS);
        });
  }

  private static final class Run {
    private final Random random;
    private final Path path;
    private final StoreModel model;
    private final StoreOptions options;
    private final Deque<Held> snapshots = new ArrayDeque<>();
    private AlexStore store;

    Run(KeyForm form, Random random, Path path) {
      this.random = random;
      this.path = path;
      this.model = new StoreModel(form, random, 3000);
      this.options = model.options().withMaxLevels(3).withRetention(0);
    }

    void run(int operations) throws IOException {
      store = AlexStore.open(path, options);
      for (int i = 0; i < operations; i++) {
        step();
      }
      while (!snapshots.isEmpty()) {
        release();
      }
      store.compact();
      assertThat(store.statistics().levels()).isLessThanOrEqualTo(1);
      model.assertRows(store.scan(), model.rows());
      store.close();
      checkTable();
    }

    private void step() throws IOException {
      int draw = random.nextInt(1000);
      byte[] key = model.key();
      if (draw < 450) {
        model.put(store, key, model.value());
      } else if (draw < 600) {
        model.delete(store, key);
      } else if (draw < 650) {
        model.write(store, 1 + random.nextInt(20));
      } else if (draw < 670) {
        List<byte[]> keys = model.keys(random.nextInt(200));
        checkAll(keys, model.getAll(store, keys), model.rows());
      } else if (draw < 900) {
        assertThat(model.get(store, key)).isEqualTo(model.rows().get(key));
        assertThat(model.getSlice(store, key)).isEqualTo(model.rows().get(key));
      } else if (draw < 970) {
        checkRange();
      } else if (draw < 980) {
        snapshots.add(new Held(store.snapshot(), model.copy()));
        if (snapshots.size() > 4) {
          release();
        }
      } else if (draw < 990) {
        checkSnapshot();
      } else if (draw < 994) {
        store.flush();
      } else if (draw < 996) {
        store.sync();
      } else if (draw < 997) {
        checkSealed();
      } else if (draw < 998 && random.nextInt(4) == 0) {
        store.compact();
      } else if (draw == 999 && random.nextInt(3) == 0) {
        store.close();
        store = AlexStore.open(path, options);
      }
    }

    private void checkRange() {
      byte[] from = model.key();
      byte[] to = model.key();
      if (Arrays.compareUnsigned(from, to) > 0) {
        model.assertRows(model.scan(store, from, to), Map.of());
      } else {
        model.assertRows(model.scan(store, from, to), model.rows().subMap(from, true, to, true));
      }
    }

    private void checkSnapshot() {
      for (Held held : snapshots) {
        byte[] key = model.key();
        assertThat(model.get(held.snapshot(), key)).isEqualTo(held.rows().get(key));
        List<byte[]> keys = model.keys(random.nextInt(100));
        checkAll(keys, model.getAll(held.snapshot(), keys), held.rows());
      }
    }

    private static void checkAll(List<byte[]> keys, byte[][] values, Map<byte[], byte[]> expected) {
      assertThat(values.length).isEqualTo(keys.size());
      for (int i = 0; i < values.length; i++) {
        assertThat(values[i]).isEqualTo(expected.get(keys.get(i)));
      }
    }

    private void release() {
      Held held = snapshots.remove();
      model.assertRows(held.snapshot().scan(), held.rows());
      held.snapshot().close();
    }

    /** What others see after a flush. */
    private void checkSealed() throws IOException {
      store.flush();
      checkTable();
    }

    private void checkTable() throws IOException {
      try (AlexTable table = AlexTable.open(path.toString())) {
        assertThat(table.snapshot().rows()).isEqualTo(model.rows().size());
        TreeMap<byte[], byte[]> rows = new TreeMap<>(Arrays::compareUnsigned);
        try (Cursor cursor = table.scan()) {
          while (cursor.next()) {
            byte[] key =
                model.options().keys() == KeyForm.LONG
                    ? StoreModel.bytes(cursor.row().getLong(0))
                    : cursor.row().getBytes(0);
            rows.put(key, cursor.row().getBytes(1));
          }
        }
        assertThat(rows.keySet()).containsExactlyElementsOf(model.rows().keySet());
        rows.forEach((key, value) -> assertThat(value).isEqualTo(model.rows().get(key)));
      }
    }
  }
}
