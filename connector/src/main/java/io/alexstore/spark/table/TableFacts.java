package io.alexstore.spark.table;

import io.alexstore.log.LogFormat;
import io.alexstore.log.Snapshot;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a table shows of its state among its properties, in DESCRIBE EXTENDED and SHOW
 * TBLPROPERTIES. Nobody sets these: where a statement that makes a table brings some, as one from
 * SHOW CREATE TABLE does, they are passed over.
 */
public final class TableFacts {

  private static final String PREFIX = "alexstore.";

  private TableFacts() {}

  /** Whether a property is one of these. */
  public static boolean isFact(String property) {
    return property.startsWith(PREFIX);
  }

  /** The facts about a version. */
  static Map<String, String> of(Snapshot snapshot) {
    Map<String, String> facts = new TreeMap<>();
    facts.put(PREFIX + "version", Long.toString(snapshot.version()));
    facts.put(PREFIX + "segments", Integer.toString(snapshot.segments().size()));
    facts.put(PREFIX + "rows", Long.toString(snapshot.rows()));
    facts.put(PREFIX + "deletedRows", Long.toString(snapshot.deletedRows()));
    facts.put(PREFIX + "bytes", Long.toString(snapshot.bytes()));
    facts.put(PREFIX + "formatVersion", Integer.toString(LogFormat.VERSION));
    return facts;
  }
}
