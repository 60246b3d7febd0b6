/** How many distinct values there are, from sketches of a few hundred bytes that can be united. */
package io.alexstore.sketch;
