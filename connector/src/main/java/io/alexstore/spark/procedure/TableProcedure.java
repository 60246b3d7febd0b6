package io.alexstore.spark.procedure;

import io.alexstore.spark.convert.ResultRows;
import io.alexstore.spark.scan.AlexLocalScan;
import io.alexstore.spark.table.AlexStoreTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.procedures.BoundProcedure;
import org.apache.spark.sql.connector.catalog.procedures.ProcedureParameter;
import org.apache.spark.sql.connector.catalog.procedures.UnboundProcedure;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.types.StructType;

/**
 * A procedure whose first argument names a table, and whose result is one row that says what was
 * done. It runs on the driver. Thread safety: safe for any number of threads.
 */
final class TableProcedure implements UnboundProcedure, BoundProcedure {

  /** What a procedure does. */
  @FunctionalInterface
  interface Body {
    /** Does it; gives the values of the result's columns. */
    Object[] run(AlexStoreTable table, Arguments arguments) throws IOException;
  }

  private final String name;
  private final String description;
  private final ProcedureParameter[] parameters;
  private final StructType result;
  private final TableFinder tables;
  private final Body body;

  /**
   * A procedure.
   *
   * @param parameters after the table
   * @param result the columns of the result, as in DDL
   */
  TableProcedure(
      String name,
      String description,
      List<ProcedureParameter> parameters,
      String result,
      TableFinder tables,
      Body body) {
    this.name = name;
    this.description = description;
    this.parameters = parameters.toArray(ProcedureParameter[]::new);
    this.result = StructType.fromDDL(result);
    this.tables = tables;
    this.body = body;
  }

  @Override
  public String name() {
    return name;
  }

  /** What it does, with its parameters and its result, which DESCRIBE does not show otherwise. */
  @Override
  public String description() {
    String all =
        Arrays.stream(parameters)
            .map(
                parameter ->
                    "  "
                        + parameter.name()
                        + " "
                        + parameter.dataType().sql()
                        + ": "
                        + parameter.comment())
            .collect(Collectors.joining("\n"));
    return description + "\nParameters:\n" + all + "\nResult:\n  " + result.toDDL();
  }

  /** There is one form of it; Spark checks and casts the arguments. */
  @Override
  public BoundProcedure bind(StructType inputType) {
    return this;
  }

  @Override
  public ProcedureParameter[] parameters() {
    return parameters.clone();
  }

  @Override
  public boolean isDeterministic() {
    return false;
  }

  @Override
  public Iterator<Scan> call(InternalRow input) {
    Arguments arguments = new Arguments(name, parameters, input);
    String table = arguments.text(Procedures.TABLE).orElseThrow(() -> arguments.missing());
    try {
      Object[] values = body.run(tables.find(table), arguments);
      Scan scan = new AlexLocalScan(result, List.of(ResultRows.of(values)), new Object(), name);
      return List.of(scan).iterator();
    } catch (IOException e) {
      throw new UncheckedIOException("The procedure " + name + " failed on " + table, e);
    }
  }
}
