/**
 * Transactions: whether a commit may go on top of what others committed meanwhile, and whether the
 * keys stay unique.
 */
package io.alexstore.commit;
