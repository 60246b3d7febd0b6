package io.alexstore.store;

/**
 * Thrown through a lookup whose memtable was sealed meanwhile, and whose log is being written
 * again: what was read of it may be anything. The records are in segments by then, so the lookup
 * begins again with the view of that moment.
 */
final class RetiredException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RetiredException() {
    // Without a stack trace, which would cost more than the lookup.
    super("The memtable's log is being written again", null, false, false);
  }
}
