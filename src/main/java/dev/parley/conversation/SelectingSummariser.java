package dev.parley.conversation;

import dev.parley.model.PromptTokens;
import dev.parley.model.Spend;
import dev.parley.model.extractive.Selection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Keeps the sentences that tell most, each with who said it, in their order. Calls nobody, costs nothing, and gives
/// the same summary of the same turns.
record SelectingSummariser(int room, int mostTokens) implements Summariser {

    static final String NAME = "extractive";

    @Override
    public String model() {
        return NAME;
    }

    @Override
    public Written summarise(Material material, Spend spend) {
        List<String> sentences = sentences(material);
        List<Integer> costs = sentences.stream()
                .map(sentence -> PromptTokens.estimate(sentence) + 1)
                .toList();
        String selected = Selection.select(sentences, costs, mostTokens).stream()
                .map(sentences::get)
                .collect(Collectors.joining("\n"));
        return new Written(selected, Duration.ZERO);
    }

    /// What was selected before competes with what is new.
    private List<String> sentences(Material material) {
        var sentences = new ArrayList<String>();
        if (material.previous() != null) {
            material.previous().lines().forEach(sentences::add);
        }
        for (Material.Line line : material.lines(room)) {
            for (String sentence : Selection.sentences(line.text())) {
                sentences.add(new Material.Line(line.speaker(), sentence).toString());
            }
        }
        return sentences;
    }
}
