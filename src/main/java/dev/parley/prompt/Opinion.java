package dev.parley.prompt;

import dev.parley.api.JsonField;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// @param score from -1 to 1
record Opinion(double score, @Nullable String comment, List<String> labels) {

    static final Set<String> MEMBERS = Set.of("rating", "score", "comment", "labels", "user");

    private static final int MAX_COMMENT = 4000;
    private static final int MAX_LABELS = 16;
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    static Opinion read(JsonField request) {
        return new Opinion(
                score(request),
                request.find("comment").map(text -> text.text(MAX_COMMENT)).orElse(null),
                request.find("labels").map(Opinion::labels).orElse(List.of()));
    }

    private static double score(JsonField request) {
        if (request.find("rating").isPresent() && request.find("score").isPresent()) {
            throw request.get("score").invalid("give either 'rating' or 'score', not both.");
        }
        return request.find("score")
                .map(score -> score.number(-1, 1))
                .orElseGet(
                        () -> request.get("rating").oneOf(Set.of("up", "down")).equals("up") ? 1.0 : -1.0);
    }

    private static List<String> labels(JsonField labels) {
        var read = new LinkedHashSet<String>();
        for (JsonField label : labels.items(MAX_LABELS)) {
            if (!LABEL.matcher(label.text(64)).matches()) {
                throw label.invalid("expected letters, digits, dots, dashes and underscores.");
            }
            read.add(label.text(64));
        }
        return List.copyOf(read);
    }

    @Nullable
    String rating() {
        return score > 0 ? "up" : score < 0 ? "down" : null;
    }
}
