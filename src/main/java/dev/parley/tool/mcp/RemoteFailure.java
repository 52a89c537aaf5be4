package dev.parley.tool.mcp;

import dev.parley.egress.EgressError;
import dev.parley.egress.EgressFailure;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import dev.parley.tool.ToolFailure;
import org.jspecify.annotations.Nullable;

/// A remote server did not do what it was asked.
final class RemoteFailure extends RuntimeException {

    private final Kind kind;
    private final @Nullable EgressFailure cause;

    /// What is known of the request.
    enum Kind {
        /// It never arrived, or was refused.
        REFUSED,
        /// The server does not speak this revision.
        OTHER_REVISION,
        /// The session it belongs to is over; it was refused for that.
        SESSION_OVER,
        /// It was sent, and no answer tells what became of it.
        UNANSWERED
    }

    /// @param said for people and models, with nothing internal
    RemoteFailure(Kind kind, String said) {
        this(kind, said, null);
    }

    private RemoteFailure(Kind kind, String said, @Nullable EgressFailure cause) {
        super(said, cause);
        this.kind = kind;
        this.cause = cause;
    }

    static RemoteFailure of(EgressFailure failure) {
        return new RemoteFailure(
                failure.error().mayHaveArrived() ? Kind.UNANSWERED : Kind.REFUSED,
                "The MCP server was not reached or did not answer: "
                        + failure.problem(null).getMessage(),
                failure);
    }

    Kind kind() {
        return kind;
    }

    String said() {
        return String.valueOf(getMessage());
    }

    /// For whoever registers or refreshes the server.
    Problem problem() {
        if (cause == null) {
            return Problem.of(ProblemKind.BAD_GATEWAY, "mcp_server_failed", said());
        }
        return cause.problem(cause.error() instanceof EgressError.InvalidHeader ? "headers" : "url");
    }

    /// @param effects whether the call would have changed something
    ToolFailure toolFailure(boolean effects) {
        return effects && kind == Kind.UNANSWERED ? ToolFailure.inDoubt(said()) : ToolFailure.withoutEffect(said());
    }
}
