package io.alexstore.spark.procedure;

import io.alexstore.spark.conf.TableProperties;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.procedures.ProcedureParameter;

/** What a procedure was called with, by the names of its parameters. */
final class Arguments {

  private final String procedure;
  private final ProcedureParameter[] parameters;
  private final InternalRow input;

  Arguments(String procedure, ProcedureParameter[] parameters, InternalRow input) {
    this.procedure = procedure;
    this.parameters = parameters;
    this.input = input;
  }

  /** Where an argument is; -1 if it is null, as where it was not given. */
  private int place(String name) {
    for (int i = 0; i < parameters.length; i++) {
      if (parameters[i].name().equals(name)) {
        return input.isNullAt(i) ? -1 : i;
      }
    }
    throw new IllegalStateException(procedure + " has no parameter " + name);
  }

  Optional<String> text(String name) {
    int i = place(name);
    return i < 0 ? Optional.empty() : Optional.of(input.getUTF8String(i).toString());
  }

  Optional<Long> number(String name) {
    int i = place(name);
    return i < 0 ? Optional.empty() : Optional.of(input.getLong(i));
  }

  Optional<Double> decimal(String name) {
    int i = place(name);
    return i < 0 ? Optional.empty() : Optional.of(input.getDouble(i));
  }

  boolean flag(String name) {
    int i = place(name);
    return i >= 0 && input.getBoolean(i);
  }

  Optional<Instant> time(String name) {
    int i = place(name);
    return i < 0
        ? Optional.empty()
        : Optional.of(Instant.EPOCH.plus(input.getLong(i), ChronoUnit.MICROS));
  }

  /**
   * A time that lies in the past, said in one of two ways.
   *
   * @param name of the argument that may say when
   * @param period of the one that may say how long ago
   * @throws IllegalArgumentException if it does not, or both say it
   */
  Optional<Instant> pastTime(String name, String period) {
    Optional<Instant> time = time(name);
    Optional<String> ago = text(period);
    if (time.isPresent() && ago.isPresent()) {
      throw wrong(name, time.get() + ", and " + period + " is given, too: leave one of them out");
    }
    if (time.isPresent() && time.get().isAfter(Instant.now())) {
      throw wrong(name, time.get() + ", which is in the future: give a time in the past");
    }
    return ago.isEmpty()
        ? time
        : Optional.of(
            Instant.now()
                .minus(
                    TableProperties.period(ago.get())
                        .orElseThrow(
                            () ->
                                wrong(
                                    period,
                                    "'"
                                        + ago.get()
                                        + "', but must be "
                                        + TableProperties.PERIOD_FORM))));
  }

  /** The error of a value that cannot be. */
  IllegalArgumentException wrong(String name, String what) {
    return new IllegalArgumentException("Argument '" + name + "' of " + procedure + " is " + what);
  }

  /** The error of a table that is null. */
  IllegalArgumentException missing() {
    return wrong(Procedures.TABLE, "null: name a table, as 'db.orders' or '/data/orders'");
  }
}
