package io.alexstore.segment.chunk;

import java.nio.ByteBuffer;

/**
 * A chunk ready to be written.
 *
 * @param entry its directory entry; the offset is 0 and is set by {@link ChunkEntry#at}
 * @param bytes its bytes, a multiple of 8; they are reused by the buffer's next {@link
 *     RowGroupBuffer#drain}
 */
public record EncodedChunk(ChunkEntry entry, ByteBuffer bytes) {}
