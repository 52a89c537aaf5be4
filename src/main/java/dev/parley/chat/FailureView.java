package dev.parley.chat;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.problem.ErrorEnvelope;
import dev.parley.problem.Problem;
import io.quarkus.runtime.annotations.RegisterForReflection;

/// OpenAI's error body, with the receipt of the turn that failed.
@RegisterForReflection
public record FailureView(@JsonProperty("error") ErrorEnvelope.Error error, ParleyView parley) {

    /// What a client is told of a turn that has no answer.
    public static FailureView of(Problem problem, Receipt receipt) {
        return new FailureView(ErrorEnvelope.of(problem).error(), ParleyView.of(receipt));
    }
}
