package dev.parley.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.parley.problem.ProblemKind;
import java.net.ConnectException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorAnswerTest {

    @Test
    void eachStatusMeansWhatProvidersMeanByIt() {
        assertThat(classify(401, "{}")).isEqualTo(new ProviderError.KeyRejected());
        assertThat(classify(429, "{}")).isEqualTo(new ProviderError.RateLimited(null));
        assertThat(classify(429, "{\"error\":{\"code\":\"insufficient_quota\"}}"))
                .isEqualTo(new ProviderError.QuotaExhausted());
        assertThat(classify(503, "<html>")).isEqualTo(new ProviderError.Failed(503, null));
        assertThat(classify(408, "")).isEqualTo(new ProviderError.Failed(408, null));
        assertThat(classify(400, "{\"error\":{\"message\":\"No.\",\"param\":\"stop\"}}"))
                .isEqualTo(new ProviderError.Rejected("No.", "stop"));
        assertThat(classify(400, "{\"error\":{\"message\":\"Blocked.\",\"code\":\"content_filter\"}}"))
                .isEqualTo(new ProviderError.Refused("Blocked."));
    }

    @Test
    void contextOverflowIsKnownByCodeOrByWords() {
        for (String error : List.of(
                "{\"error\":{\"message\":\"Too long.\",\"code\":\"context_length_exceeded\"}}",
                "{\"error\":{\"message\":\"This model's maximum context length is 8192 tokens.\"}}",
                "[{\"error\":{\"code\":400,\"message\":\"The input token count exceeds the maximum number of tokens allowed\"}}]")) {
            assertThat(classify(400, error)).isInstanceOf(ProviderError.ContextOverflow.class);
        }
    }

    @Test
    void everyErrorHasAClientStatus() {
        assertThat(kind(new ProviderError.RateLimited(null))).isEqualTo(ProblemKind.RATE_LIMITED);
        assertThat(kind(new ProviderError.Failed(500, null))).isEqualTo(ProblemKind.BAD_GATEWAY);
        assertThat(kind(new ProviderError.Unreachable())).isEqualTo(ProblemKind.UNAVAILABLE);
        assertThat(kind(new ProviderError.LeftAlone())).isEqualTo(ProblemKind.UNAVAILABLE);
        assertThat(kind(new ProviderError.TimedOut())).isEqualTo(ProblemKind.TIMED_OUT);
        assertThat(kind(new ProviderError.KeyRejected())).isEqualTo(ProblemKind.BAD_GATEWAY);
        assertThat(kind(new ProviderError.ContextOverflow("Too long."))).isEqualTo(ProblemKind.INVALID_REQUEST);
    }

    @Test
    void aRefusedConnectionIsUnreachableHoweverDeepItHides() {
        var hidden = new RuntimeException(new RuntimeException(new ConnectException()));

        assertThat(ProviderFailure.of(hidden).error()).isEqualTo(new ProviderError.Unreachable());
    }

    private static ProviderError classify(int status, String body) {
        return new ErrorAnswer(status, parse(body), null).classify();
    }

    private static JsonNode parse(String body) {
        try {
            return new ObjectMapper().readTree(body);
        } catch (JsonProcessingException notJson) {
            return MissingNode.getInstance();
        }
    }

    private static ProblemKind kind(ProviderError error) {
        return ModelFailure.of(error, "m", List.of()).kind();
    }
}
