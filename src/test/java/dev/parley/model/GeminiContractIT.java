package dev.parley.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.model.output.FinishReason;
import dev.parley.testing.Reply;
import io.quarkus.test.junit.QuarkusTest;
import java.util.EnumSet;
import java.util.Map;

@QuarkusTest
class GeminiContractIT extends ProviderContract {

    @Override
    ProviderFacts facts() {
        return new ProviderFacts(
                "Gemini",
                EnumSet.allOf(Capability.class),
                false,
                false,
                false,
                Map.of(
                        "STOP", FinishReason.STOP,
                        "MAX_TOKENS", FinishReason.LENGTH,
                        "SAFETY", FinishReason.CONTENT_FILTER));
    }

    @Override
    String alias() {
        return "scripted-gemini";
    }

    @Override
    Reply tooLong() {
        return Reply.error(
                400,
                "INVALID_ARGUMENT",
                "The input token count (9000) exceeds the maximum number of tokens allowed (8192).");
    }

    /// It always tells, and LangChain4j cannot do without.
    @Override
    boolean mayLeaveUsageOut() {
        return false;
    }

    @Override
    JsonNode schemaIn(JsonNode request) {
        JsonNode config = request.path("generationConfig");
        return config.has("responseJsonSchema") ? config.path("responseJsonSchema") : config.path("responseSchema");
    }

    @Override
    String imageIn(JsonNode request) {
        return request.findValue("inlineData").path("data").asText();
    }
}
