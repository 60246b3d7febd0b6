package io.alexstore.spark.plan.lookupjoin;

import io.alexstore.schema.ScalarType;
import io.alexstore.spark.read.LookupSource;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/** What each task of a lookup join does with its probes. Goes to executors with the plan. */
final class LookupTask extends AbstractFunction1<Iterator<InternalRow>, Iterator<InternalRow>>
    implements Serializable {

  private static final long serialVersionUID = 1L;

  final LookupSource source;
  final LookupMetrics metrics;
  final boolean perRow;
  // The types of the values that are looked up; null where it is the column's, which can be no
  // other.
  final ScalarType[] keyTypes;
  // All in terms of places: of probes, or of probes and then the scan's columns.
  final Seq<Expression> probe;
  final Seq<Expression> keys;
  final Expression condition;
  final Seq<Expression> matched;
  final Seq<Expression> unmatched;

  /**
   * The work of tasks.
   *
   * @param probes what the probes' rows have
   */
  LookupTask(LookupJoinSpec spec, Seq<Attribute> probes, LookupMetrics metrics) {
    this.source = spec.target().source();
    this.metrics = metrics;
    this.perRow = spec.kind().isPerRow();
    this.keyTypes =
        spec.keys().types().stream()
            .map(type -> type instanceof ScalarType scalar ? scalar : null)
            .toArray(ScalarType[]::new);
    List<Attribute> attributes = new ArrayList<>(CollectionConverters.asJava(probes));
    attributes.addAll(CollectionConverters.asJava(spec.columns()));
    Seq<Attribute> both = Expressions.seq(attributes);
    this.probe = bind(Optional.of(List.copyOf(CollectionConverters.asJava(probes))), probes);
    this.keys = bind(Optional.of(spec.keys().probes()), probes);
    this.condition = spec.condition().map(c -> Expressions.bind(c, both)).orElse(null);
    this.matched = bind(spec.matched(), perRow ? both : probes);
    this.unmatched = bind(spec.unmatched(), probes);
  }

  private static Seq<Expression> bind(
      Optional<List<Expression>> expressions, Seq<Attribute> input) {
    return expressions.map(list -> Expressions.bind(list, input)).orElse(null);
  }

  @Override
  public Iterator<InternalRow> apply(Iterator<InternalRow> probes) {
    return new LookupIterator(this, probes);
  }
}
