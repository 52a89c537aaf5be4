package dev.parley.prompt;

import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import java.util.stream.Collectors;

/// What a prompt does not have (404), with what it has.
final class Missing extends Problem {

    private Missing(String code, String message) {
        super(ProblemKind.NOT_FOUND, code, null, message);
    }

    static Problem version(Prompt prompt, int number) {
        String existing = prompt.latest() == 0 ? "It has none." : "It has versions 1 to %d.".formatted(prompt.latest());
        return new Missing(
                "prompt_version_not_found",
                "The prompt '%s' has no version %d. %s".formatted(prompt.name(), number, existing));
    }

    static Problem label(Prompt prompt, String label) {
        String existing = prompt.labels().isEmpty()
                ? "It has none."
                : prompt.labels().stream().map(Label::name).collect(Collectors.joining(", ", "Its labels are: ", "."));
        return new Missing(
                "prompt_label_not_found",
                "The prompt '%s' has no label '%s'. %s".formatted(prompt.name(), label, existing));
    }
}
