package dev.parley.model;

import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// No model of the chain gave a (whole) answer.
public class ModelFailure extends Problem {

    private final List<Attempt> attempts;

    ModelFailure(ProblemKind kind, String code, @Nullable String param, String message, List<Attempt> attempts) {
        super(kind, code, param, message);
        this.attempts = List.copyOf(attempts);
    }

    public List<Attempt> attempts() {
        return attempts;
    }
}
