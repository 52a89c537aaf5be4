package dev.parley.chat;

import dev.parley.knowledge.Hit;
import dev.parley.model.Passage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The passages a turn may answer from: the hit at index 0 is the one an answer cites as `[1]`.
///
/// @param searched whether there was a search at all
/// @param degraded whether a store was searched by BM25 alone for want of an embedding model
public record Evidence(boolean searched, List<Hit> hits, boolean degraded) {

    static final Evidence NONE = new Evidence(false, List.of(), false);

    /// Empty for a number that names no passage.
    Optional<Hit> passage(int number) {
        return number >= 1 && number <= hits.size() ? Optional.of(hits.get(number - 1)) : Optional.empty();
    }

    List<Passage> passages() {
        var passages = new ArrayList<Passage>(hits.size());
        for (Hit hit : hits) {
            passages.add(new Passage(passages.size() + 1, source(hit), hit.text()));
        }
        return passages;
    }

    /// The headings say what a passage is about when its text does not.
    private static String source(Hit hit) {
        return hit.heading().isEmpty() ? hit.filename() : hit.filename() + " › " + hit.heading();
    }
}
