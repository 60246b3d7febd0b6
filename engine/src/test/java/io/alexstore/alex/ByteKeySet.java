package io.alexstore.alex;

import io.alexstore.bytes.BlockBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Distributions of byte-string keys. */
enum ByteKeySet {
  RANDOM_16 {
    @Override
    byte[] draw(SplittableRandom random, int i, int n) {
      return bytes(random, 16);
    }
  },
  SHORT {
    @Override
    byte[] draw(SplittableRandom random, int i, int n) {
      return bytes(random, random.nextInt(6));
    }
  },
  URLS {
    @Override
    byte[] draw(SplittableRandom random, int i, int n) {
      int host = (int) (Math.pow(random.nextDouble(), 3) * 50);
      String path = random.nextBoolean() ? "/articles/2024/" : "/users/profile/show/id/";
      String url =
          "https://www.example-" + host + ".com" + path + random.nextInt(1, Math.max(2, n));
      return url.getBytes(StandardCharsets.UTF_8);
    }
  },
  DECIMAL_TEXT {
    @Override
    byte[] draw(SplittableRandom random, int i, int n) {
      return Integer.toString(random.nextInt(Math.max(1, 4 * n))).getBytes(StandardCharsets.UTF_8);
    }
  },
  TWO_LONGS {
    @Override
    byte[] draw(SplittableRandom random, int i, int n) {
      long order = i / 4;
      return ByteBuffer.allocate(16).putLong(order ^ Long.MIN_VALUE).putLong(i % 4 + 1).array();
    }
  },
  PREFIXES_OF_ONE_ANOTHER {
    @Override
    byte[] draw(SplittableRandom random, int i, int n) {
      byte[] key = new byte[random.nextInt(300)];
      Arrays.fill(key, (byte) 'a');
      return key;
    }
  },
  FEW_LETTERS {
    @Override
    byte[] draw(SplittableRandom random, int i, int n) {
      byte[] key = new byte[random.nextInt(40)];
      for (int j = 0; j < key.length; j++) {
        key[j] = (byte) (random.nextInt(10) == 0 ? 0xff : 0);
      }
      return key;
    }
  },
  LAST_BIT {
    @Override
    byte[] draw(SplittableRandom random, int i, int n) {
      byte[] key = new byte[8 + random.nextInt(2)];
      key[0] = (byte) random.nextInt(3);
      key[7] = (byte) random.nextInt(2);
      return key;
    }
  },
  ONE_VALUE {
    @Override
    byte[] draw(SplittableRandom random, int i, int n) {
      return new byte[] {1, 2, 3};
    }
  };

  abstract byte[] draw(SplittableRandom random, int i, int n);

  byte[][] sorted(int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[][] keys = new byte[n][];
    Arrays.setAll(keys, i -> draw(random, i, n));
    Arrays.sort(keys, Arrays::compareUnsigned);
    return keys;
  }

  /** Whether all keys are of one length. */
  static boolean isFixed(byte[][] keys) {
    return Arrays.stream(keys).allMatch(key -> key.length == keys[0].length);
  }

  static ByteKeys region(byte[][] keys, boolean fixed) {
    int data = Arrays.stream(keys).mapToInt(key -> key.length).sum();
    int dataOffset = fixed ? 0 : 4 * (keys.length + 1);
    ByteBuffer buffer =
        ByteBuffer.allocateDirect(dataOffset + data + 8).order(ByteOrder.LITTLE_ENDIAN);
    int end = 0;
    for (int i = 0; i < keys.length; i++) {
      buffer.put(dataOffset + end, keys[i]);
      end += keys[i].length;
      if (!fixed) {
        buffer.putInt(4 * (i + 1), end);
      }
    }
    BlockBytes bytes = BlockBytes.unchecked(buffer);
    return fixed
        ? ByteKeys.fixed(bytes, 0, keys.length == 0 ? 0 : keys[0].length, keys.length)
        : ByteKeys.variable(bytes, 0, dataOffset, keys.length);
  }

  private static byte[] bytes(SplittableRandom random, int length) {
    byte[] key = new byte[length];
    random.nextBytes(key);
    return key;
  }
}
