package io.alexstore.alex;

/**
 * What an updatable index is made of, for people and for tuning.
 *
 * @param size the number of keys
 * @param height the nodes from the root to the lowest data node; 1 if the root is a data node
 * @param modelNodes nodes that compute which child holds a key
 * @param splitNodes nodes that search their children's smallest keys, where models would not do
 * @param dataNodes nodes that hold entries
 * @param meanError slots between where a lookup expects a key and where it stands, on average
 * @param memoryBytes the bytes of all nodes, keys and values
 * @param expansions data nodes that were rebuilt with more room, or retrained, since the beginning
 * @param splits data nodes that were split, since the beginning
 */
public record AlexStats(
    long size,
    int height,
    int modelNodes,
    int splitNodes,
    int dataNodes,
    double meanError,
    long memoryBytes,
    long expansions,
    long splits) {

  /** The nodes of two together; the greater height. */
  AlexStats plus(AlexStats other) {
    long keys = size + other.size;
    return new AlexStats(
        keys,
        Math.max(height, other.height),
        modelNodes + other.modelNodes,
        splitNodes + other.splitNodes,
        dataNodes + other.dataNodes,
        keys == 0 ? 0 : (meanError * size + other.meanError * other.size) / keys,
        memoryBytes + other.memoryBytes,
        expansions + other.expansions,
        splits + other.splits);
  }

  /** These nodes, of so many keys and bytes. */
  AlexStats of(long keys, long bytes) {
    return new AlexStats(
        keys, height, modelNodes, splitNodes, dataNodes, meanError, bytes, expansions, splits);
  }
}
