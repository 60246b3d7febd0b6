/**
 * What tests of all modules share: seeded random tests, and file stores that fail and crash on
 * command. Published as the engine's test-jar.
 */
package io.alexstore.testkit;
