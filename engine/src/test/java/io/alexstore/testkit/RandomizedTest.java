package io.alexstore.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test with parameters of type {@link java.util.Random}, {@link java.util.SplittableRandom} or
 * {@code long} (the seed itself), run once for each of a number of seeds. All parameters of one run
 * start from one seed. See {@link Seeds} for how to repeat a run.
 *
 * <p>Each iteration is a test of its own in the report; for thousands of small ones use {@link
 * Seeds#run}.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(SeedExtension.class)
public @interface RandomizedTest {

  /** How many seeds to run with, at least 1. */
  int iterations() default 1;
}
