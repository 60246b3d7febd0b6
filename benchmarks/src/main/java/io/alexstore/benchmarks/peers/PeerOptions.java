package io.alexstore.benchmarks.peers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the command line of a suite with peers says.
 *
 * @param rows the rows of the table; 5 million unless told
 * @param words what follows: peers, and what else the suite knows
 */
record PeerOptions(long rows, List<String> words) {

  private static final long ROWS = 5_000_000;

  static PeerOptions parse(String... options) {
    return new PeerOptions(
        options.length == 0 ? ROWS : Long.parseLong(options[0].replace("_", "")),
        Arrays.asList(options).subList(Math.min(1, options.length), options.length));
  }

  /**
   * The peers that are to run, of those that can; all, if none is named.
   *
   * @param others the words that are no peers
   * @throws IllegalArgumentException at a word that means nothing
   */
  List<Peer> peers(List<Peer> all, String... others) {
    List<Peer> named = new ArrayList<>();
    for (String word : words) {
      if (!List.of(others).contains(word)) {
        named.add(
            all.stream()
                .filter(peer -> peer.module().equals(word))
                .findFirst()
                .orElseThrow(() -> unknown(word, all, others)));
      }
    }
    return named.isEmpty() ? all : named;
  }

  private static IllegalArgumentException unknown(String word, List<Peer> all, String... others) {
    String known =
        all.stream().map(Peer::module).collect(Collectors.joining(", "))
            + (others.length == 0 ? "" : ", " + String.join(", ", others));
    return new IllegalArgumentException("'" + word + "' is none of " + known);
  }
}
