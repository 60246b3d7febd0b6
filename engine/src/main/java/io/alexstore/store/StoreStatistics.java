package io.alexstore.store;

/**
 * Figures about a store, of about one moment.
 *
 * @param lookups about how many keys were looked up since it was opened: where very many threads
 *     look up, some may be missing
 * @param writes how many keys were put or deleted since it was opened
 * @param memtables how many memtables there are: the one that is written, and those that wait to be
 *     sealed
 * @param memtableKeys their keys
 * @param memtableLogBytes what their records take in the log
 * @param memtableIndexBytes what their indexes take, in heap
 * @param memtablePredictionError slots between where the index of the memtable that is written
 *     expects a key and where it stands, on average
 * @param segments how many segments there are
 * @param levels how many of them overlap where most do
 * @param rows their rows that are not deleted: keys that are in a memtable, too, are counted
 * @param deletedRows their rows that are deleted, but still in the files
 * @param segmentBytes what their files take
 * @param segmentIndexBytes what their indexes take, in the files
 * @param segmentFilterBytes what the filters of their keys take, in heap
 * @param sealedBytes bytes of segments that seals wrote since it was opened
 * @param compactedBytes bytes of segments that compactions wrote since it was opened
 * @param version the newest version of the table: what Spark sees
 */
public record StoreStatistics(
    long lookups,
    long writes,
    int memtables,
    long memtableKeys,
    long memtableLogBytes,
    long memtableIndexBytes,
    double memtablePredictionError,
    int segments,
    int levels,
    long rows,
    long deletedRows,
    long segmentBytes,
    long segmentIndexBytes,
    long segmentFilterBytes,
    long sealedBytes,
    long compactedBytes,
    long version) {}
