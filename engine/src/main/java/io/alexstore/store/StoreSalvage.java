package io.alexstore.store;

import io.alexstore.io.FileStore;
import io.alexstore.key.KeyForm;
import io.alexstore.log.Snapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What can be saved of a store's log that is damaged, so that {@link AlexStore#open} refuses it.
 * What was sealed is in the segments, which the log does not concern; this is about what was
 * written after.
 *
 * @param sealed the sequence up to which segments have the writes; writes are counted from 1
 * @param records the records after it that are whole, in their order
 * @param damages the places where the log is not
 */
public record StoreSalvage(long sealed, List<Rescued> records, List<Damage> damages) {

  /**
   * A write that can be saved.
   *
   * @param sequence its number
   * @param longKey its key, in a store of 64-bit keys
   * @param key its key, in a store with keys of bytes; else null
   * @param value its value; null if it deleted the key
   */
  public record Rescued(long sequence, long longKey, byte[] key, byte[] value) {}

  /**
   * Bytes that are no records.
   *
   * @param file the file
   * @param from where they begin, in bytes
   * @param to where they end, at the next record or the end of the log's last write
   * @param firstLost the sequence of the first write that is lost here
   */
  public record Damage(String file, long from, long to, long firstLost) {}

  /** Copies the lists. */
  public StoreSalvage {
    records = List.copyOf(records);
    damages = List.copyOf(damages);
  }

  /** Puts all that can be saved into another store, in its order, and makes it durable. */
  public void writeTo(AlexStore other) throws IOException {
    for (Rescued record : records) {
      if (record.key() == null && record.value() == null) {
        other.delete(record.longKey());
      } else if (record.key() == null) {
        other.put(record.longKey(), record.value());
      } else if (record.value() == null) {
        other.delete(record.key());
      } else {
        other.put(record.key(), record.value());
      }
    }
    other.sync();
  }

  /** Reads the log of a store that nobody has open; changes nothing. */
  static StoreSalvage of(FileStore files, StoreTable table, KeyForm form) throws IOException {
    Snapshot snapshot = table.log().load();
    long sealed = Sealer.sealedSequence(snapshot);
    List<Rescued> records = new ArrayList<>();
    List<Damage> damages = new ArrayList<>();
    long next = sealed + 1;
    LogFiles found = LogFiles.open(files, table.directory(), form, snapshot.tableId());
    List<LogChunk> chunks = List.copyOf(found.begun().values());
    for (int i = 0; i < chunks.size(); i++) {
      LogChunk chunk = chunks.get(i);
      boolean isLast = i == chunks.size() - 1;
      int end = isLast ? chunk.durableEnd() : chunks.get(i + 1).previousEnd();
      int damage = -1;
      int at = WalFormat.HEADER_BYTES;
      while (at < chunk.size() && (at < end || damage < 0)) {
        if (chunk.isRecord(at, form) && chunk.sequence(at) >= next) {
          if (damage >= 0) {
            damages.add(new Damage(chunk.path(), damage, at, next));
            damage = -1;
          }
          records.add(rescued(chunk, at, form));
          next = chunk.sequence(at) + 1;
          at += WalFormat.padded(chunk.length(at));
        } else if (chunk.isRecord(at, form)) {
          at += WalFormat.padded(chunk.length(at)); // Sealed before.
        } else if (at >= end) {
          break; // The log's end.
        } else {
          damage = damage < 0 ? at : damage;
          at += WalFormat.ALIGNMENT; // Where a record's length is lost, the next one is looked for.
        }
      }
      if (damage >= 0) {
        damages.add(new Damage(chunk.path(), damage, end, next));
      }
    }
    return new StoreSalvage(sealed, records, damages);
  }

  private static Rescued rescued(LogChunk chunk, int at, KeyForm form) {
    boolean isLong = form == KeyForm.LONG;
    return new Rescued(
        chunk.sequence(at),
        isLong ? chunk.longKey(at) : 0,
        isLong ? null : chunk.key(at),
        chunk.kind(at) == WalFormat.DELETE ? null : chunk.value(at));
  }
}
