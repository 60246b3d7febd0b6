package io.alexstore.benchmarks.peers;

import io.alexstore.benchmarks.peers.PeerProcess.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** What the peers took to do the same, round by round; their answers must be the same. */
final class Series {

  private final Map<Peer, List<Answer>> answers = new EnumMap<>(Peer.class);
  private int round = Integer.MIN_VALUE;
  private String expected;

  /**
   * Has a peer do something.
   *
   * @param newRound the round: answers of a round are compared
   * @param counts whether it is measured, rather than a warm-up
   */
  void add(PeerProcess peer, int newRound, String command, boolean counts) throws IOException {
    Answer answer = peer.run(command);
    if (newRound != round) {
      round = newRound;
      expected = answer.digest();
    } else if (!expected.equals(answer.digest())) {
      throw new IllegalStateException(
          peer.peer().label() + " answers '" + command + "' with other rows than others");
    }
    if (counts) {
      answers.computeIfAbsent(peer.peer(), p -> new ArrayList<>()).add(answer);
    }
  }

  Set<Peer> peers() {
    return answers.keySet();
  }

  double median(Peer peer, ToDoubleFunction<Answer> figure) {
    List<Answer> of = answers.get(peer);
    return of.stream().mapToDouble(figure).sorted().toArray()[of.size() / 2];
  }
}
