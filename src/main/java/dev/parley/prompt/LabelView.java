package dev.parley.prompt;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.quarkus.runtime.annotations.RegisterForReflection;

/// A label as the API shows it.
///
/// @param revision the prompt's, for the next write
@RegisterForReflection
record LabelView(String object, String label, @JsonUnwrapped LabelTarget target, long revision) {

    static LabelView of(Prompt prompt, Label label) {
        return new LabelView("prompt.label", label.name(), LabelTarget.of(label), prompt.revision());
    }
}
