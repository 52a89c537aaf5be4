package dev.parley.egress;

import dev.parley.problem.Problem;
import org.jspecify.annotations.Nullable;

/// A request to a URL that a user named was refused, or went wrong.
public final class EgressFailure extends RuntimeException {

    private final EgressError error;

    EgressFailure(EgressError error) {
        this(error, null);
    }

    EgressFailure(EgressError error, @Nullable Throwable cause) {
        super(error.getClass().getSimpleName(), cause);
        this.error = error;
    }

    public EgressError error() {
        return error;
    }

    /// The failure as a client may see it, without anything of the network it happened in.
    ///
    /// @param param the request parameter that named the URL; null if none did
    public Problem problem(@Nullable String param) {
        return EgressProblem.of(error, param);
    }
}
