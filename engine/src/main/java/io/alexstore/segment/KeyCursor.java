package io.alexstore.segment;

import io.alexstore.bytes.BlockBytes;
import io.alexstore.key.KeyCodec;
import io.alexstore.key.KeyReader;

/** Reads the keys of a segment by position, one at a time. Not thread-safe. */
abstract class KeyCursor {
  final KeyReader reader;
  private int position = -1;

  private KeyCursor(KeyCodec codec) {
    this.reader = codec.reader();
  }

  static KeyCursor of(SegmentKeys keys, KeyCodec codec, BlockBytes body) {
    if (keys instanceof IntKeys ints) {
      return new KeyCursor(codec) {
        @Override
        void load(int position) {
          reader.reset(ints.longKey(position));
        }
      };
    } else if (keys instanceof GatheredKeys gathered) {
      // The reader's loads of a fixed width may start at any byte of the key.
      byte[] key = new byte[gathered.gather().length()];
      return new KeyCursor(codec) {
        @Override
        void load(int position) {
          gathered.keyBytes(position, key, 0);
          reader.reset(key, 0, key.length);
        }
      };
    }
    StringKeys strings = (StringKeys) keys;
    return new KeyCursor(codec) {
      @Override
      void load(int position) {
        long range = strings.range(position);
        reader.reset(body, (int) (range >>> 32), (int) range);
      }

      @Override
      boolean isInFile() {
        return true;
      }
    };
  }

  /** A reader set to the key at a position, good until the next call. */
  KeyReader at(int wanted) {
    if (wanted != position) {
      position = -1;
      load(wanted);
      position = wanted;
    }
    return reader;
  }

  abstract void load(int position);

  /** Whether the reader's offsets are those of the file. */
  boolean isInFile() {
    return false;
  }
}
