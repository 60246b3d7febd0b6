package io.alexstore.spark;

import org.apache.spark.sql.SparkSession;

/** UPDATE, DELETE and MERGE in SQL where the session has {@link AlexStoreExtensions}. */
class RowLevelExtendedTest extends RowLevelSqlTest {

  @Override
  SparkSession parent() {
    return TestSession.extended();
  }

  @Override
  String readsMatchesBy() {
    return "AlexLookupJoin Inner, [id = CAST(src.k AS BIGINT)";
  }
}
