package dev.parley.model.extractive;

import java.util.List;

/// What the passages have to say.
sealed interface Answer {

    /// The best sentences, most relevant first.
    record Quotes(List<Quote> quotes) implements Answer {}

    record NothingFits() implements Answer {}

    record NoDocuments() implements Answer {}
}
