package io.alexstore.spark;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * A test of what Spark has only from some version on. An older one skips it, and says why; {@code
 * ./connector/compat} lists all that it skipped. The features stand in a table of the README.
 */
@Documented
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresSpark.Condition.class)
public @interface RequiresSpark {

  /** The first version that has it, such as {@code 4.1}. */
  String value();

  /** What that version has. */
  String feature();

  /** Looks whether the Spark on the class path is new enough. */
  final class Condition implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return AnnotationSupport.findAnnotation(context.getElement(), RequiresSpark.class)
          .map(Condition::judge)
          .orElseGet(() -> ConditionEvaluationResult.enabled("needs no newer Spark"));
    }

    private static ConditionEvaluationResult judge(RequiresSpark required) {
      return SparkUnderTest.isAtLeast(required.value())
          ? ConditionEvaluationResult.enabled("Spark has " + required.feature())
          : ConditionEvaluationResult.disabled(
              "needs Spark " + required.value() + ": " + required.feature());
    }
  }
}
