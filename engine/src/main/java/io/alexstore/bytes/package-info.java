/** Bytes: views of maps that are checked at first touch, and writers of binary forms. */
package io.alexstore.bytes;
