package io.alexstore.benchmarks.spark;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A table and what is asked of it.
 *
 * @param name its name
 * @param rows the rows, in no particular order
 * @param key the columns of the primary key
 * @param queries the queries
 */
record BenchmarkTable(String name, Dataset<Row> rows, List<String> key, List<Query> queries) {}
