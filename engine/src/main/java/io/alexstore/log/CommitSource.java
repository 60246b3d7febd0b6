package io.alexstore.log;

import java.util.Objects;

/**
 * Which of a writer's commits one is, so that a writer that tries a commit again, in another
 * process perhaps, finds out that it was made.
 *
 * @param writerId the writer: a name that no other writer uses, at most 256 characters
 * @param sequence ascends with each of the writer's commits; gaps are fine
 */
public record CommitSource(String writerId, long sequence) {

  private static final int MAX_LENGTH = 256;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the name is empty or too long
   */
  public CommitSource {
    Objects.requireNonNull(writerId, "writerId");
    if (writerId.isEmpty() || writerId.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "A writer's id has 1 to " + MAX_LENGTH + " characters, not " + writerId.length());
    }
  }
}
