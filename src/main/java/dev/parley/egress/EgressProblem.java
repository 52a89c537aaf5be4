package dev.parley.egress;

import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a client is told of an [EgressError].
final class EgressProblem extends Problem {

    private EgressProblem(Told told, @Nullable String param) {
        super(told.kind(), told.code(), told.kind() == ProblemKind.INVALID_REQUEST ? param : null, told.message());
    }

    static Problem of(EgressError error, @Nullable String param) {
        return new EgressProblem(told(error), param);
    }

    private record Told(ProblemKind kind, String code, String message) {

        static Told refused(String code, String message) {
            return new Told(ProblemKind.INVALID_REQUEST, code, message);
        }

        static Told failed(String code, String message) {
            return new Told(ProblemKind.BAD_GATEWAY, code, message);
        }
    }

    private static Told told(EgressError error) {
        return switch (error) {
            case EgressError.InvalidUrl(String why) ->
                Told.refused("invalid_url", "The URL is invalid: %s.".formatted(why));
            case EgressError.InvalidHeader(String name) ->
                Told.refused("invalid_header", "The header '%s' cannot be sent.".formatted(name));
            case EgressError.ForbiddenScheme(String scheme) ->
                Told.refused("forbidden_scheme", "URLs with '%s' are not allowed.".formatted(scheme));
            case EgressError.ForbiddenHost(String host) ->
                Told.refused("forbidden_host", "The host '%s' is not allowed.".formatted(host));
            case EgressError.ForbiddenPort(int port) ->
                Told.refused("forbidden_port", "Port %d is not allowed.".formatted(port));
            // One answer to both: two would tell which names exist inside.
            case EgressError.ForbiddenAddress forbidden -> unreachable(forbidden.host());
            case EgressError.Unresolvable(String host) -> unreachable(host);
            case EgressError.Downgraded _ ->
                Told.failed("insecure_redirect", "The URL redirects from https to http, which is not followed.");
            case EgressError.TooManyRedirects(int limit) ->
                Told.failed("too_many_redirects", "The URL redirects more than %d times.".formatted(limit));
            case EgressError.TooLarge(var part, long limit) -> tooLarge(part, limit);
            case EgressError.WrongContentType(String type) ->
                Told.failed("wrong_content_type", "The answer is %s.".formatted(type == null ? "of no type" : type));
            case EgressError.UnknownEncoding _ ->
                Told.failed("unknown_encoding", "The answer has an encoding that was not asked for.");
            case EgressError.TimedOut late ->
                new Told(ProblemKind.TIMED_OUT, "timeout", "'%s' took too long to answer.".formatted(late.host()));
            case EgressError.ConnectionFailed(String host) ->
                Told.failed("connection_failed", "'%s' does not accept connections.".formatted(host));
            case EgressError.TlsFailed(String host) ->
                Told.failed(
                        "tls_failed", "No secure connection to '%s': its certificate is not trusted.".formatted(host));
            case EgressError.BrokenOff(String host) ->
                Told.failed("broken_off", "'%s' ended the connection early.".formatted(host));
            case EgressError.Malformed(String host) ->
                Told.failed("malformed_answer", "'%s' did not answer in proper HTTP.".formatted(host));
            case EgressError.Stopped _ ->
                new Told(ProblemKind.UNAVAILABLE, "stopped", "The request was stopped before it was answered.");
        };
    }

    private static Told unreachable(String host) {
        return Told.refused(
                "unreachable_host", "'%s' does not exist, or is not on the public internet.".formatted(host));
    }

    private static Told tooLarge(EgressError.Part part, long limit) {
        return Told.failed(
                "answer_too_large",
                "The answer's %s has more than %d bytes.".formatted(part.name().toLowerCase(Locale.ROOT), limit));
    }
}
