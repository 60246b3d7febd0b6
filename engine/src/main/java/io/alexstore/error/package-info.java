/** The errors that alexstore throws. Imports nothing, so that every package may use it. */
package io.alexstore.error;
