package io.alexstore.spark;

import io.alexstore.io.FileStore;
import io.alexstore.io.FileStoreProvider;
import io.alexstore.log.LogFormat;
import io.alexstore.testkit.CrashSimulatingFileStore;
import io.alexstore.testkit.FaultInjectingFileStore;
import io.alexstore.testkit.FaultPlan;
import io.alexstore.testkit.Operation;
import java.util.Set;

/**
 * Tables in memory, of paths that begin with {@code racy:}, on which another writer can be made to
 * win races: to commit just before a commit becomes visible.
 */
public final class RacyStore implements FileStoreProvider {

  /** The same files, without races: for the other writer. */
  static final FileStore QUIET = new CrashSimulatingFileStore();

  private static final FileStore RACY =
      new FaultInjectingFileStore(QUIET, RacyStore::otherWriterFirst);

  /** What the other writer does in a race. */
  @FunctionalInterface
  interface Other {
    void commit(int race) throws Exception;
  }

  private static int races;
  private static int won;
  private static Other other;

  /** For {@link java.util.ServiceLoader}. */
  public RacyStore() {}

  /** Has another writer win the next races. */
  static synchronized void lose(int count, Other to) {
    races = count;
    won = 0;
    other = to;
  }

  /** How many races the other writer has won since it was told to. */
  static synchronized int won() {
    return won;
  }

  private static synchronized FaultPlan.Outcome otherWriterFirst(Operation operation) {
    boolean isCommit =
        operation.kind() == Operation.Kind.LINK
            && operation.path().contains(LogFormat.LOG_DIRECTORY);
    if (isCommit && won < races) {
      won++;
      try {
        other.commit(won);
      } catch (Exception e) {
        throw new IllegalStateException("The other writer failed", e);
      }
    }
    return FaultPlan.PROCEED;
  }

  @Override
  public Set<String> schemes() {
    return Set.of("racy");
  }

  @Override
  public FileStore forPath(String path) {
    return RACY;
  }
}
