package dev.parley.chat;

import java.util.ArrayList;
import java.util.List;

/// What a model said in one go.
///
/// @param citations with places in the text
public record Utterance(String text, List<Citation> citations) {

    /// Between two of them that are told as one.
    public static final String GAP = "\n\n";

    static final Utterance NONE = new Utterance("", List.of());

    static Utterance joined(List<Utterance> all) {
        var text = new StringBuilder();
        var citations = new ArrayList<Citation>();
        for (Utterance each : all) {
            if (!text.isEmpty() && !each.text.isEmpty()) {
                text.append(GAP);
            }
            int offset = text.codePointCount(0, text.length());
            each.citations.forEach(citation -> citations.add(citation.moved(offset)));
            text.append(each.text);
        }
        return new Utterance(text.toString(), citations);
    }
}
