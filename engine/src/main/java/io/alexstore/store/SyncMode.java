package io.alexstore.store;

/** When what was written to an {@link AlexStore} becomes durable. */
public enum SyncMode {

  /** Every write is durable when it returns. Threads that write at the same time share one sync. */
  EACH_WRITE,

  /** At {@link AlexStore#sync}, {@link AlexStore#flush} and {@link AlexStore#close}. */
  ON_SYNC,

  /** As {@link #ON_SYNC}, and by itself in an interval: {@link StoreOptions#syncIntervalMs}. */
  INTERVAL
}
