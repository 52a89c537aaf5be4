package dev.parley.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.model.output.FinishReason;
import dev.parley.testing.Reply;
import io.quarkus.test.junit.QuarkusTest;
import java.util.EnumSet;
import java.util.Map;

@QuarkusTest
class OpenAiContractIT extends ProviderContract {

    @Override
    ProviderFacts facts() {
        return new ProviderFacts(
                "OpenAI and compatible",
                EnumSet.allOf(Capability.class),
                true,
                true,
                false,
                Map.of(
                        "stop", FinishReason.STOP,
                        "length", FinishReason.LENGTH,
                        "content_filter", FinishReason.CONTENT_FILTER));
    }

    @Override
    String alias() {
        return "priced-alone";
    }

    @Override
    Reply tooLong() {
        return Reply.contextOverflow();
    }

    @Override
    JsonNode schemaIn(JsonNode request) {
        return request.at("/response_format/json_schema/schema");
    }

    @Override
    String imageIn(JsonNode request) {
        return request.at("/messages").findValue("image_url").path("url").asText();
    }
}
