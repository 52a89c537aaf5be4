package dev.parley.chat;

import dev.parley.knowledge.Hit;
import dev.parley.model.PromptTokens;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How many tokens of a prompt passages may take.
record PassageBudget(int tokens) {

    /// Number, file name and separators around a passage.
    private static final int PER_PASSAGE = 24;

    /// A passage shorter than this says nothing. A prompt that leaves no room for it takes it out of the answer's; one
    /// that is too long by itself is for the model to refuse.
    private static final int LEAST = 96;

    /// @param most tokens of passages in any prompt
    /// @param free what the rest of the prompt and the answer leave of the context window
    static PassageBudget of(int most, int free) {
        return new PassageBudget(Math.max(LEAST, Math.min(most, free)));
    }

    /// Best first; a passage that does not fit makes room for a shorter one after it. The best one is always there, if
    /// only its beginning: without any, a model is told that nothing was found.
    List<Hit> fitting(List<Hit> hits) {
        int left = tokens;
        var fitting = new ArrayList<Hit>();
        for (Hit hit : hits) {
            Hit passage = fitting.isEmpty() ? cut(hit, left - PER_PASSAGE) : hit;
            int needed = PER_PASSAGE + PromptTokens.estimate(passage.text());
            if (needed <= left) {
                left -= needed;
                fitting.add(passage);
            }
        }
        return fitting;
    }

    private static Hit cut(Hit hit, int tokens) {
        return new Hit(
                hit.vectorStore(),
                hit.file(),
                hit.filename(),
                cut(hit.text(), tokens),
                hit.heading(),
                hit.page(),
                hit.score(),
                hit.attributes());
    }

    /// The longest beginning of that many tokens that ends with a word, or within one where none is shorter.
    private static String cut(String text, int tokens) {
        if (PromptTokens.estimate(text) <= tokens) {
            return text;
        }
        int end = PromptTokens.beginning(text, tokens).length();
        BreakIterator words = BreakIterator.getWordInstance(Locale.ROOT);
        words.setText(text);
        int word = words.isBoundary(end) ? end : words.preceding(end);
        if (word > 0) {
            return text.substring(0, word).stripTrailing();
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end);
    }
}
