/**
 * What a table's rows look like: columns with ids, their types, the key, and values by position.
 */
package io.alexstore.schema;
