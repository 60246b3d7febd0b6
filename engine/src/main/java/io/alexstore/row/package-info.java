/** Rows as callers see them: rows with names, cursors over rows, predicates. */
package io.alexstore.row;
