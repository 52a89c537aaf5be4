package dev.parley.usage;

import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A rate or a budget that does not allow the request: told with the limits as they are.
public final class Refusal extends Problem {

    private final RateStatus rates;

    private Refusal(String code, String message, @Nullable Duration retryAfter, RateStatus rates) {
        super(ProblemKind.RATE_LIMITED, code, null, message, retryAfter);
        this.rates = rates;
    }

    static Refusal passing(String code, String message, Duration retryAfter, RateStatus rates) {
        return new Refusal(code, message, retryAfter, rates);
    }

    /// Sending the same request again will not help.
    static Refusal lasting(String code, String message, RateStatus rates) {
        return new Refusal(code, message, null, rates);
    }

    /// OpenAI's clients retry a 429 unless they are told not to.
    @Override
    public Map<String, String> headers() {
        var headers = new LinkedHashMap<>(rates.headers());
        if (retryAfter().isEmpty()) {
            headers.put("x-should-retry", "false");
        }
        return headers;
    }
}
