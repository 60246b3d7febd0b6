package io.alexstore.spark.plan.lookupjoin;

import java.io.ByteArrayOutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection$;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.unsafe.Platform;
import scala.collection.AbstractIterator;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.runtime.AbstractFunction1;

/** Rows as blocks of bytes on their way to the driver and back: of each row its size and bytes. */
final class ProbeBlocks {

  /** A block has at most so many rows. */
  static final int ROWS = 4096;

  private ProbeBlocks() {}

  /**
   * What a task has, if it is not too much.
   *
   * @param rows how many rows; more than the limit if there are more
   * @param blocks the rows; null if there are more than the limit
   */
  record Part(long rows, List<Block> blocks) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Some rows.
   *
   * @param rows how many
   * @param bytes the rows
   */
  @SuppressWarnings("ArrayRecordComponent") // A carrier that is never compared.
  record Block(int rows, byte[] bytes) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /** Takes a task's rows, and stops where they are too many. */
  static final class Pack extends AbstractFunction1<Iterator<InternalRow>, Part>
      implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Seq<Expression> columns;
    private final long maxRows;
    private final long maxBytes;

    /**
     * @param columns the rows' columns, by place
     */
    Pack(Seq<Expression> columns, long maxRows, long maxBytes) {
      this.columns = columns;
      this.maxRows = maxRows;
      this.maxBytes = maxBytes;
    }

    @Override
    public Part apply(Iterator<InternalRow> rows) {
      UnsafeProjection toUnsafe = UnsafeProjection$.MODULE$.create(columns);
      toUnsafe.initialize(0);
      List<Block> blocks = new ArrayList<>();
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ByteBuffer size = ByteBuffer.allocate(Integer.BYTES);
      long total = 0;
      long totalBytes = 0;
      int inBlock = 0;
      while (rows.hasNext()) {
        InternalRow row = rows.next();
        UnsafeRow unsafe = row instanceof UnsafeRow u ? u : toUnsafe.apply(row);
        totalBytes += unsafe.getSizeInBytes();
        if (++total > maxRows || totalBytes > maxBytes) {
          return new Part(Math.max(total, maxRows + 1), null);
        }
        bytes.writeBytes(size.putInt(0, unsafe.getSizeInBytes()).array());
        bytes.writeBytes(unsafe.getBytes());
        if (++inBlock == ROWS) {
          blocks.add(new Block(inBlock, bytes.toByteArray()));
          bytes.reset();
          inBlock = 0;
        }
      }
      if (inBlock > 0) {
        blocks.add(new Block(inBlock, bytes.toByteArray()));
      }
      return new Part(total, blocks);
    }
  }

  /** Gives the rows of blocks again. */
  static final class Unpack extends AbstractFunction1<Iterator<Block>, Iterator<InternalRow>>
      implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int fields;

    Unpack(int fields) {
      this.fields = fields;
    }

    @Override
    public Iterator<InternalRow> apply(Iterator<Block> blocks) {
      return new Rows(blocks, fields);
    }
  }

  private static final class Rows extends AbstractIterator<InternalRow> {
    private final Iterator<Block> blocks;
    private final UnsafeRow row;
    private byte[] bytes = {};
    private int at;

    Rows(Iterator<Block> blocks, int fields) {
      this.blocks = blocks;
      this.row = new UnsafeRow(fields);
    }

    @Override
    public boolean hasNext() {
      return at < bytes.length || blocks.hasNext();
    }

    @Override
    public InternalRow next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      if (at == bytes.length) {
        bytes = blocks.next().bytes();
        at = 0;
      }
      int size = ByteBuffer.wrap(bytes).getInt(at);
      at += Integer.BYTES;
      row.pointTo(bytes, Platform.BYTE_ARRAY_OFFSET + (long) at, size);
      at += size;
      return row;
    }
  }
}
