package io.alexstore.benchmarks.peers;

import io.alexstore.benchmarks.spark.Measurement;
import java.util.List;
import java.util.Map;

/**
 * What a run found.
 *
 * @param measurements the figures
 * @param versions what each peer ran on
 */
public record PeerFigures(List<Measurement> measurements, Map<String, String> versions) {}
