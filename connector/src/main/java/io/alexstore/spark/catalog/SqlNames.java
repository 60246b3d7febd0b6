package io.alexstore.spark.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.connector.catalog.Identifier;

/** Names of tables as SQL has them. */
final class SqlNames {

  private SqlNames() {}

  /** The name of a table, with every part in backticks. */
  static String of(String catalog, Identifier ident) {
    List<String> parts = new ArrayList<>();
    parts.add(catalog);
    parts.addAll(List.of(ident.namespace()));
    parts.add(ident.name());
    return parts.stream()
        .map(part -> "`" + part.replace("`", "``") + "`")
        .collect(Collectors.joining("."));
  }
}
