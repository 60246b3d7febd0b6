package io.alexstore.benchmarks.index;

import java.util.Map;

/**
 * What was found in one run.
 *
 * @param of what was measured
 * @param figures the numbers, by name
 */
public record Figures(Map<String, String> of, Map<String, Double> figures) {}
