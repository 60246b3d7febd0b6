package io.alexstore.commit;

import io.alexstore.log.SegmentEntry;
import io.alexstore.segment.Segment;
import java.io.IOException;

/** Opens segments of a table. Whoever provides it closes what it opened. */
@FunctionalInterface
public interface SegmentOpener {

  /** The open segment; the same one when asked again. */
  Segment open(SegmentEntry entry) throws IOException;
}
