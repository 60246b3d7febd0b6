package io.alexstore.testkit;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.opentest4j.TestAbortedException;

/** Runs {@link RandomizedTest}s. */
final class SeedExtension implements TestTemplateInvocationContextProvider {

  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return context.getRequiredTestMethod().isAnnotationPresent(RandomizedTest.class);
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    int iterations =
        context.getRequiredTestMethod().getAnnotation(RandomizedTest.class).iterations();
    return Arrays.stream(Seeds.seeds(iterations)).mapToObj(Invocation::new);
  }

  private record Invocation(long seed) implements TestTemplateInvocationContext {
    @Override
    public String getDisplayName(int invocationIndex) {
      return "[" + invocationIndex + "] seed " + seed;
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(new SeedParameters(seed), new SeedReport(seed));
    }
  }

  private record SeedParameters(long seed) implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      Class<?> type = parameter.getParameter().getType();
      return type == Random.class || type == SplittableRandom.class || type == long.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      Class<?> type = parameter.getParameter().getType();
      if (type == Random.class) {
        return new Random(seed);
      }
      return type == long.class ? (Object) seed : new SplittableRandom(seed);
    }
  }

  private record SeedReport(long seed) implements TestExecutionExceptionHandler {
    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure)
        throws Throwable {
      if (failure instanceof TestAbortedException) {
        throw failure;
      }
      String test =
          context.getRequiredTestClass().getSimpleName()
              + "#"
              + context.getRequiredTestMethod().getName();
      throw new AssertionError(Seeds.hint(seed, test) + ": " + failure, failure);
    }
  }
}
