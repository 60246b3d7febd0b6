/** Programs to run and to read: one main in a file, on public API only. */
package io.alexstore.examples;
