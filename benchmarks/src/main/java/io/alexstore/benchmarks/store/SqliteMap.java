package io.alexstore.benchmarks.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;

/**
 * SQLite: an INTEGER PRIMARY KEY, write-ahead log, synchronous NORMAL (no sync for each write), its
 * file mapped, a page cache of 256 MB, prepared statements, no generated keys asked for. A bulk
 * load commits every 10,000 rows, other statements by themselves. Compaction: VACUUM.
 */
final class SqliteMap implements MapEngine {

  private static final int BATCH = 10_000;
  private static final String GET = "SELECT value FROM data WHERE key = ?";

  private final Path file;
  private final long mapBytes;
  private final Connection connection;
  private final PreparedStatement put;
  private final PreparedStatement get;
  private final PreparedStatement range;
  private int inBulk;

  SqliteMap(Path directory, long dataBytes) throws SQLException {
    file = directory.resolve("data.db");
    mapBytes = dataBytes * 4 + (256L << 20);
    connection = connect();
    execute("CREATE TABLE IF NOT EXISTS data (key INTEGER PRIMARY KEY, value BLOB NOT NULL)");
    put = connection.prepareStatement("INSERT OR REPLACE INTO data VALUES (?, ?)");
    get = connection.prepareStatement(GET);
    range =
        connection.prepareStatement(
            "SELECT key, value FROM data WHERE key >= ? ORDER BY key LIMIT ?");
  }

  private Connection connect() throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    // Else the driver asks for the row's id after each insert, by a query that it leaves open.
    config.setGetGeneratedKeys(false);
    Connection opened = config.createConnection("jdbc:sqlite:" + file);
    try (Statement statement = opened.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA synchronous = NORMAL");
      statement.execute("PRAGMA mmap_size = " + mapBytes);
      statement.execute("PRAGMA cache_size = -262144");
    }
    return opened;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void load(long key, byte[] value) throws SQLException {
    if (inBulk == 0) {
      connection.setAutoCommit(false);
    }
    put(key, value);
    if (++inBulk % BATCH == 0) {
      connection.commit();
    }
  }

  @Override
  public void endLoad() throws SQLException {
    if (inBulk > 0) {
      connection.commit();
      connection.setAutoCommit(true);
      inBulk = 0;
    }
  }

  @Override
  public void put(long key, byte[] value) throws SQLException {
    put.setLong(1, key);
    put.setBytes(2, value);
    put.executeUpdate();
  }

  @Override
  public boolean get(long key, byte[] target) throws SQLException {
    return get(get, key, target);
  }

  private static boolean get(PreparedStatement statement, long key, byte[] target)
      throws SQLException {
    statement.setLong(1, key);
    try (ResultSet row = statement.executeQuery()) {
      if (!row.next()) {
        return false;
      }
      byte[] value = row.getBytes(1);
      System.arraycopy(value, 0, target, 0, value.length);
      return true;
    }
  }

  @Override
  public long range(long from, int count, byte[] target) throws SQLException {
    range.setLong(1, from);
    range.setInt(2, count);
    long sum = 0;
    try (ResultSet rows = range.executeQuery()) {
      while (rows.next()) {
        sum += rows.getLong(1);
        byte[] value = rows.getBytes(2);
        System.arraycopy(value, 0, target, 0, value.length);
      }
    }
    return sum;
  }

  @Override
  public Reader reader() throws SQLException {
    Connection own = connect();
    PreparedStatement statement = own.prepareStatement(GET);
    return new Reader() {
      @Override
      public boolean get(long key, byte[] target) throws SQLException {
        return SqliteMap.get(statement, key, target);
      }

      @Override
      public void close() throws SQLException {
        own.close();
      }
    };
  }

  @Override
  public void compact() throws SQLException {
    execute("VACUUM");
    execute("PRAGMA wal_checkpoint(TRUNCATE)");
  }

  @Override
  public void close() throws SQLException {
    endLoad();
    connection.close();
  }
}
