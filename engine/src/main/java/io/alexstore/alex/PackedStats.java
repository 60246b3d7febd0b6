package io.alexstore.alex;

/**
 * What a packed index is made of.
 *
 * @param keys the keys that it is over
 * @param bytes its size
 * @param modelNodes inner nodes that find the child by a line
 * @param splitNodes inner nodes that find the child by separators
 * @param lineNodes data nodes with a line of their own
 * @param inlineNodes data nodes that are no more than their parent's entry
 * @param depth the nodes on the longest path that are read beyond the root's entry
 * @param maxError the largest distance of a prediction from a key's rank
 * @param meanError the mean of that distance over all keys
 */
public record PackedStats(
    int keys,
    int bytes,
    int modelNodes,
    int splitNodes,
    int lineNodes,
    int inlineNodes,
    int depth,
    int maxError,
    double meanError) {}
