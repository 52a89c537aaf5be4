package dev.parley.chat;

import dev.parley.testing.Reply;
import dev.parley.testing.Step;
import java.util.List;
import java.util.stream.Stream;

/// What a provider can do, and what is to come of it.
final class FailureTable {

    static final String FALLBACK = "priced-fallback";

    /// What was said before an answer broke off.
    static final String HALF = "Half an ";

    private static final Step FIRST = new Step.Text("Half ");
    private static final Step SECOND = new Step.Text("an ");
    private static final Step STALL = new Step.Stall();
    private static final Step CUT = new Step.Cut();
    private static final Step NONSENSE = new Step.Raw("{\"choices\": nonsense");

    private FailureTable() {}

    sealed interface Outcome {}

    /// @param attempt on the receipt
    /// @param status where a status tells it
    /// @param retryAfter with the status; null for none
    record Failure(String attempt, int status, String code, String retryAfter) {}

    /// @param alone what becomes of it without a fallback
    record FallsBack(Failure alone) implements Outcome {
        FallsBack(String attempt, int status, String code) {
            this(new Failure(attempt, status, code, null));
        }
    }

    /// No other model is asked.
    record Fails(Failure failure) implements Outcome {
        Fails(String attempt, int status, String code) {
            this(new Failure(attempt, status, code, null));
        }
    }

    /// After the first token.
    record CutShort(String attempt) implements Outcome {}

    record Answered(String status, String finishReason, String refusal) implements Outcome {}

    record Row(String name, Reply reply, Outcome whole, Outcome streamed) {
        Row(String name, Reply reply, Outcome both) {
            this(name, reply, both, both);
        }
    }

    record Run(Row row, Way way, boolean fallback) {

        Outcome expected() {
            return way.streamsFromProvider() ? row.streamed() : row.whole();
        }

        String model() {
            return fallback ? "priced" : "priced-alone";
        }

        @Override
        public String toString() {
            return "%s, %s, %s".formatted(row.name(), way, fallback ? "with a fallback" : "alone");
        }
    }

    static List<Run> runs() {
        return rows().stream()
                .flatMap(row -> Stream.of(Way.values())
                        .flatMap(way -> Stream.of(new Run(row, way, false), new Run(row, way, true))))
                .toList();
    }

    private static List<Row> rows() {
        var timeout = new FallsBack("timeout", 504, "provider_timeout");
        var lost = new FallsBack("broken_off", 502, "provider_connection_lost");
        var malformed = new FallsBack("malformed", 502, "provider_malformed_answer");
        return List.of(
                new Row(
                        "silence before the first token",
                        Reply.steps(STALL),
                        timeout,
                        new FallsBack("stalled", 504, "provider_stalled")),
                new Row("silence mid-stream", Reply.steps(FIRST, SECOND, STALL), timeout, new CutShort("stalled")),
                new Row("cut before the first token", Reply.steps(CUT), lost),
                new Row("cut mid-stream", Reply.steps(FIRST, SECOND, CUT), lost, new CutShort("broken_off")),
                new Row(
                        "end without an end",
                        Reply.steps(FIRST, SECOND).finish(null),
                        new Answered("completed", "stop", ""),
                        new CutShort("broken_off")),
                new Row("malformed from the start", Reply.steps(NONSENSE), malformed),
                new Row(
                        "malformed mid-stream",
                        Reply.steps(FIRST, SECOND, NONSENSE),
                        malformed,
                        new CutShort("malformed")),
                new Row("429", Reply.rateLimited(), new FallsBack("rate_limited", 429, "rate_limit_exceeded")),
                new Row(
                        "429 with Retry-After",
                        Reply.rateLimited(30),
                        new FallsBack(new Failure("rate_limited", 429, "rate_limit_exceeded", "30"))),
                new Row("500", Reply.serverError(), new FallsBack("status_500", 502, "provider_error")),
                new Row(
                        "refusal",
                        Reply.steps(new Step.Refusal("I must "), new Step.Refusal("not.")),
                        new Answered("completed", "stop", "I must not.")),
                new Row(
                        "context overflow",
                        Reply.contextOverflow(),
                        new Fails("context_length_exceeded", 400, "context_length_exceeded")),
                new Row(
                        "blocked prompt",
                        Reply.error(400, "content_policy_violation", "Your prompt was blocked."),
                        new Fails("content_filter", 400, "content_filter")),
                new Row(
                        "filtered answer",
                        Reply.text("Half an ").finish("content_filter"),
                        new Answered("incomplete", "content_filter", "")),
                new Row(
                        "provider's quota",
                        Reply.error(429, "insufficient_quota", "You exceeded your quota."),
                        new FallsBack("quota_exhausted", 503, "provider_quota")),
                new Row(
                        "key rejected",
                        Reply.error(401, "invalid_api_key", "Incorrect API key."),
                        new FallsBack("provider_auth", 502, "provider_auth")));
    }
}
