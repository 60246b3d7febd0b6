package io.alexstore.testkit;

import io.alexstore.error.CommitStateUnknownException;
import io.alexstore.io.FileLock;
import io.alexstore.io.FileOutput;
import io.alexstore.io.FileStatus;
import io.alexstore.io.FileStore;
import io.alexstore.io.LinkingFileStore;
import io.alexstore.io.LogFile;
import io.alexstore.io.MappedFile;
import io.alexstore.testkit.Operation.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A store that numbers and records every operation, and fails those that a {@link FaultPlan} names.
 *
 * <p>Over a {@link LinkingFileStore}, a publication goes through this store step by step, so each
 * step is an operation that can fail. Reads through a map are not operations: a map that is open
 * does not fail.
 *
 * <p>Thread safety: safe for any number of threads; but then the numbering depends on their timing.
 */
public final class FaultInjectingFileStore implements LinkingFileStore {

  private final FileStore store;
  private final FaultPlan plan;
  private final List<Operation> operations = new ArrayList<>();
  private int faults;

  /** Wraps a store. A plan with state must not be used by two stores. */
  public FaultInjectingFileStore(FileStore store, FaultPlan plan) {
    this.store = Objects.requireNonNull(store, "store");
    this.plan = Objects.requireNonNull(plan, "plan");
  }

  /** Everything that was asked of this store so far, failed or not, in order. */
  public synchronized List<Operation> operations() {
    return List.copyOf(operations);
  }

  /** How many operations were made to fail so far. */
  public synchronized int faults() {
    return faults;
  }

  @FunctionalInterface
  private interface Action<T> {
    T run() throws IOException;
  }

  private synchronized FaultPlan.Outcome decide(Kind kind, String path, long bytes) {
    Operation operation = new Operation(operations.size(), kind, path, bytes);
    operations.add(operation);
    FaultPlan.Outcome outcome = plan.decide(operation);
    if (!(outcome instanceof FaultPlan.Proceed)) {
      faults++;
    }
    return outcome;
  }

  private <T> T run(Kind kind, String path, Action<T> action) throws IOException {
    FaultPlan.Outcome outcome = decide(kind, path, 0);
    if (outcome instanceof FaultPlan.FailBefore before) {
      throw fault(kind, path, before.why());
    }
    if (outcome instanceof FaultPlan.Tear tear) {
      throw fault(kind, path, tear.why());
    }
    T result = action.run();
    if (outcome instanceof FaultPlan.FailAfter after) {
      if (result instanceof AutoCloseable open) {
        close(open);
      }
      throw fault(kind, path, after.why());
    }
    return result;
  }

  private static void close(AutoCloseable open) throws IOException {
    try {
      open.close();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private static InjectedFault fault(Kind kind, String path, String why) {
    return new InjectedFault("Injected fault in " + kind + " of " + path + ": " + why);
  }

  @Override
  public FileOutput create(String path) throws IOException {
    return new Output(run(Kind.CREATE, path, () -> store.create(path)));
  }

  @Override
  public LogFile createLog(String path, int size) throws IOException {
    FaultPlan.Outcome outcome = decide(Kind.WRITE, path, size);
    if (outcome instanceof FaultPlan.FailBefore before) {
      throw fault(Kind.WRITE, path, before.why());
    }
    if (outcome instanceof FaultPlan.Tear tear) {
      throw fault(Kind.WRITE, path, tear.why());
    }
    LogFile file = run(Kind.CREATE, path, () -> store.createLog(path, size));
    if (outcome instanceof FaultPlan.FailAfter after) {
      throw fault(Kind.WRITE, path, after.why());
    }
    return new LogFile() {
      @Override
      public String path() {
        return path;
      }

      @Override
      public ByteBuffer buffer() {
        return file.buffer();
      }

      @Override
      public void sync(int from, int to) throws IOException {
        run(
            Kind.SYNC,
            path,
            () -> {
              file.sync(from, to);
              return null;
            });
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    };
  }

  @Override
  public void syncLog(String path) throws IOException {
    run(
        Kind.SYNC,
        path,
        () -> {
          store.syncLog(path);
          return null;
        });
  }

  @Override
  public Optional<FileLock> tryLock(String path) throws IOException {
    return run(Kind.LOCK, path, () -> store.tryLock(path));
  }

  @Override
  public MappedFile map(String path) throws IOException {
    return run(Kind.MAP, path, () -> store.map(path));
  }

  @Override
  public byte[] readFully(String path, int maxBytes) throws IOException {
    return run(Kind.READ, path, () -> store.readFully(path, maxBytes));
  }

  @Override
  public boolean exists(String path) throws IOException {
    return run(Kind.EXISTS, path, () -> store.exists(path));
  }

  @Override
  public long size(String path) throws IOException {
    return run(Kind.SIZE, path, () -> store.size(path));
  }

  @Override
  public List<FileStatus> list(String directory) throws IOException {
    return run(Kind.LIST, directory, () -> store.list(directory));
  }

  @Override
  public void createDirectories(String directory) throws IOException {
    run(
        Kind.CREATE_DIRECTORIES,
        directory,
        () -> {
          store.createDirectories(directory);
          return null;
        });
  }

  @Override
  public boolean delete(String path) throws IOException {
    return run(Kind.DELETE, path, () -> store.delete(path));
  }

  @Override
  public void move(String directory, String to) throws IOException {
    run(
        Kind.MOVE,
        directory,
        () -> {
          store.move(directory, to);
          return null;
        });
  }

  @Override
  public void syncDirectory(String directory) throws IOException {
    run(
        Kind.SYNC_DIRECTORY,
        directory,
        () -> {
          store.syncDirectory(directory);
          return null;
        });
  }

  @Override
  public boolean link(String existing, String path) throws IOException {
    return run(Kind.LINK, path, () -> linking().link(existing, path));
  }

  @Override
  public boolean isSameFile(String path, String other) throws IOException {
    return run(Kind.SAME_FILE, other, () -> linking().isSameFile(path, other));
  }

  private LinkingFileStore linking() {
    if (store instanceof LinkingFileStore linking) {
      return linking;
    }
    throw new UnsupportedOperationException(store.getClass() + " does not link");
  }

  @Override
  public boolean publish(String path, byte[] content) throws IOException {
    if (store instanceof LinkingFileStore) {
      return LinkingFileStore.super.publish(path, content);
    }
    FaultPlan.Outcome outcome = decide(Kind.PUBLISH, path, content.length);
    if (outcome instanceof FaultPlan.FailBefore before) {
      throw fault(Kind.PUBLISH, path, before.why());
    }
    if (outcome instanceof FaultPlan.Tear tear) {
      throw fault(Kind.PUBLISH, path, tear.why());
    }
    boolean won = store.publish(path, content);
    if (outcome instanceof FaultPlan.FailAfter after) {
      throw new CommitStateUnknownException(path, fault(Kind.PUBLISH, path, after.why()));
    }
    return won;
  }

  private final class Output implements FileOutput {
    private final FileOutput output;
    private IOException failure;
    private boolean completed;

    Output(FileOutput output) {
      this.output = output;
    }

    @Override
    public String path() {
      return output.path();
    }

    @Override
    public long position() {
      return output.position();
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
      checkUsable();
      FaultPlan.Outcome outcome = decide(Kind.WRITE, path(), source.remaining());
      if (outcome instanceof FaultPlan.FailBefore before) {
        throw fail(Kind.WRITE, before.why());
      }
      if (outcome instanceof FaultPlan.Tear tear) {
        int kept = (int) Math.min(tear.keptBytes(), source.remaining());
        output.write(source.slice(source.position(), kept));
        throw fail(Kind.WRITE, tear.why());
      }
      output.write(source);
      if (outcome instanceof FaultPlan.FailAfter after) {
        throw fail(Kind.WRITE, after.why());
      }
    }

    @Override
    public void sync() throws IOException {
      checkUsable();
      try {
        run(
            Kind.SYNC,
            path(),
            () -> {
              output.sync();
              return null;
            });
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }

    @Override
    public void close() throws IOException {
      if (completed) {
        return;
      }
      if (failure != null) {
        output.close();
        checkUsable();
      }
      FaultPlan.Outcome outcome = decide(Kind.CLOSE, path(), 0);
      if (outcome instanceof FaultPlan.Proceed) {
        output.close();
        completed = true;
        return;
      }
      // However a close fails, the descriptor is gone; the caller aborts, which deletes the file.
      output.close();
      throw fail(Kind.CLOSE, "close failed");
    }

    @Override
    public void abort() {
      if (completed) {
        return;
      }
      completed = true;
      try {
        if (decide(Kind.DELETE, path(), 0) instanceof FaultPlan.FailBefore) {
          output.close();
          return;
        }
        output.abort();
        store.delete(path());
      } catch (IOException e) {
        // An abort never throws; what it leaves behind is what a test may look for.
        failure = e;
      }
    }

    private InjectedFault fail(Kind kind, String why) {
      InjectedFault fault = fault(kind, path(), why);
      failure = fault;
      return fault;
    }

    private void checkUsable() throws IOException {
      if (failure != null) {
        throw new IOException("An earlier write or sync of " + path() + " failed", failure);
      }
    }
  }
}
