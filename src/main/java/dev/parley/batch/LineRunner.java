package dev.parley.batch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.JsonField;
import dev.parley.chat.LineAnswer;
import dev.parley.chat.LineRequest;
import dev.parley.identity.Caller;
import dev.parley.identity.KeyHolders;
import dev.parley.identity.Scopes;
import dev.parley.invocation.Deadline;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Json;
import dev.parley.problem.ErrorEnvelope;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import dev.parley.usage.Refusal;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;

/// Runs one line for the key that made its batch, and says what became of it: what passes is put off, anything else is
/// its answer.
@ApplicationScoped
class LineRunner {

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int BAD_GATEWAY = 502;
    private static final int MOST_DOUBLINGS = 5;

    /// Failures that may pass. Time-outs of providers are not among them: the provider may have been paid. Nor is it a
    /// line's fault when the function that ran it had to end.
    private static final Set<String> PASSING = Set.of(
            "rate_limit_exceeded", "provider_error", "provider_unreachable", "provider_unavailable", Deadline.REACHED);

    private static final LineUsage NOTHING = new LineUsage(0, 0, 0, 0);

    private final KeyHolders keys;
    private final Endpoints endpoints;
    private final BatchConfig config;
    private final Headroom headroom;
    private final Json json;

    LineRunner(KeyHolders keys, Endpoints endpoints, BatchConfig config, Json json) {
        this.keys = keys;
        this.endpoints = endpoints;
        this.config = config;
        this.headroom = new Headroom(config.headroom());
        this.json = json;
    }

    /// @param deadline by when it must have ended
    LineFate run(BatchLine line, Deadline deadline) throws InterruptedException {
        try {
            refuseStreams(line);
            var request = new LineRequest(
                    caller(line.batch()),
                    line.key(),
                    line.body().getBytes(StandardCharsets.UTF_8),
                    Ids.format("req_", line.id()),
                    deadline);
            return fate(line, endpoints.get(line.batch().endpoint()).run(request));
        } catch (Refusal refusal) {
            return refused(refusal);
        } catch (Problem problem) {
            return problem.retryAfter()
                    .<LineFate>map(wait -> new LineFate.PutOff(wait, false, false))
                    .orElseGet(() -> answer(problem));
        } catch (IOException unreadable) { // the body was JSON when the input was checked
            throw new IllegalStateException(unreadable);
        }
    }

    /// Asked for at every line: a key that is revoked stops paying at once.
    private Caller caller(Batch batch) {
        Caller caller = keys.find(batch.tenant(), batch.key())
                .orElseThrow(() -> Problem.of(
                        ProblemKind.UNAUTHENTICATED,
                        "invalid_api_key",
                        "The API key that made this batch was revoked or has expired."));
        if (!caller.scopes().contains(Scopes.CHAT)) {
            throw Problem.of(
                    ProblemKind.FORBIDDEN,
                    "insufficient_permissions",
                    "The API key that made this batch lacks the scope for this request.");
        }
        return caller;
    }

    private void refuseStreams(BatchLine line) {
        JsonField body = JsonField.root(json.tree(line.body()));
        for (String name : Set.of("stream", "background")) {
            body.find(name).filter(JsonField::bool).ifPresent(field -> {
                throw field.unsupported("a request in a batch has nobody to stream to, and waits for no one.");
            });
        }
    }

    /// A budget may be raised, and its next period begins; a request that no limit will ever let pass has its answer.
    private LineFate refused(Refusal refusal) {
        if (refusal.code().equals("insufficient_quota")) {
            return new LineFate.PutOff(config.budgetPause(), false, true);
        }
        return refusal.retryAfter()
                .<LineFate>map(wait -> new LineFate.PutOff(wait, false, true))
                .orElseGet(() -> answer(refusal));
    }

    private LineFate fate(BatchLine line, LineAnswer answer) {
        JsonNode body = json.tree(answer.body());
        boolean limited = answer.status() == TOO_MANY_REQUESTS;
        boolean passes = (limited || answer.status() >= BAD_GATEWAY)
                && PASSING.contains(body.path("error").path("code").asText());
        if (passes && (limited || line.attempts() + 1 < config.attempts())) {
            return new LineFate.PutOff(wait(line, answer), true, limited);
        }
        return new LineFate.Answered(
                answer.turn(), answer.status(), answer.body(), LineUsage.of(body), headroom.pause(answer.rates()));
    }

    private Duration wait(BatchLine line, LineAnswer answer) {
        return answer.retryAfter() != null
                ? answer.retryAfter()
                : config.retry().multipliedBy(1L << Math.min(line.attempts(), MOST_DOUBLINGS));
    }

    private LineFate answer(Problem problem) {
        String body = json.write(ErrorEnvelope.of(problem));
        return new LineFate.Answered(null, problem.kind().status(), body, NOTHING, Duration.ZERO);
    }
}
