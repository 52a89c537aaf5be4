package dev.parley.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/// OpenAI's error body. Nulls are written: its clients expect all four fields.
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ErrorEnvelope(Error error) {

    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record Error(
            String message,
            String type,
            @Nullable String param,
            @Nullable String code) {}

    public static ErrorEnvelope of(Problem problem) {
        return new ErrorEnvelope(
                new Error(problem.getMessage(), problem.kind().type(), problem.param(), problem.code()));
    }
}
