/**
 * The ALEX learned index (Ding et al., SIGMOD 2020): models that say where in a sorted array a key
 * stands. The packed form is bulk-loaded over the dense ranks of sorted keys, frozen into bytes,
 * and read from them in place.
 *
 * <p>The updatable form, {@link io.alexstore.alex.AlexLongMap} and {@link
 * io.alexstore.alex.AlexBytesMap}, takes inserts and removals in gapped arrays, for one writer and
 * any number of readers.
 */
package io.alexstore.alex;
