package dev.parley.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.output.FinishReason;
import dev.parley.problem.ProblemKind;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.Step;
import io.quarkus.test.junit.QuarkusTest;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
class BedrockContractIT extends ProviderContract {

    @Override
    ProviderFacts facts() {
        return new ProviderFacts(
                "Bedrock",
                EnumSet.complementOf(EnumSet.of(Capability.JSON)),
                true,
                false,
                true,
                Map.of(
                        "end_turn", FinishReason.STOP,
                        "stop_sequence", FinishReason.STOP,
                        "max_tokens", FinishReason.LENGTH,
                        "model_context_window_exceeded", FinishReason.LENGTH,
                        "guardrail_intervened", FinishReason.CONTENT_FILTER,
                        "content_filtered", FinishReason.CONTENT_FILTER,
                        "malformed_tool_use", FinishReason.OTHER));
    }

    @Override
    String alias() {
        return "scripted-bedrock";
    }

    @Override
    Reply tooLong() {
        return Reply.error(400, "ValidationException", "Input is too long for requested model.");
    }

    @Override
    JsonNode schemaIn(JsonNode request) {
        JsonNode format = request.at("/outputConfig/textFormat");
        assertThat(format.path("type").asText()).isEqualTo("json_schema");
        try {
            return new ObjectMapper()
                    .readTree(format.at("/structure/jsonSchema/schema").asText());
        } catch (java.io.IOException notJson) {
            throw new AssertionError(notJson);
        }
    }

    @Override
    String imageIn(JsonNode request) {
        assertThat(request.findValue("image").path("format").asText()).isEqualTo("png");
        return request.findValue("source").path("bytes").asText();
    }

    @Test
    void aRequestIsSignedForItsRegion() {
        var script = ScriptedProvider.script(Reply.text("Hello."));

        generate(ask(script).temperature(1.7).build());

        var request = script.requests().getFirst();
        assertThat(request.path()).isEqualTo("/model/scripted-bedrock/converse");
        assertThat(request.headers().get("Authorization"))
                .startsWith("AWS4-HMAC-SHA256 Credential=AKIASCRIPTED/")
                .contains("/eu-central-1/bedrock/aws4_request");
        assertThat(request.body().at("/inferenceConfig/maxTokens").asInt()).isEqualTo(1024);
        assertThat(request.body().at("/inferenceConfig/temperature").asDouble()).isEqualTo(1);
        assertThat(request.body().at("/system/0/text").asText()).isEqualTo("Be kind.");
        assertThat(request.body().findValue("cachePoint")).isNull();
    }

    @Test
    void whatAModelRefusesIsLeftOut() {
        var script = ScriptedProvider.script(Reply.text("Hello."));

        models.generate("scripted-bedrock-strict", ask(script).temperature(0.2).build(), Spend.UNMETERED);

        JsonNode body = script.requests().getFirst().body();
        assertThat(body.path("inferenceConfig").has("temperature")).isFalse();
        assertThat(body.at("/additionalModelRequestFields/thinking/type").asText())
                .isEqualTo("disabled");
    }

    @Test
    void resultsOfOneAnswersToolsAreOneTurn() {
        var script = ScriptedProvider.script(Reply.text("Fine."));

        generate(afterTools(script)
                .toolSpecifications(weather())
                .toolChoice(ToolChoice.REQUIRED)
                .build());

        JsonNode body = script.requests().getFirst().body();
        assertThat(body.path("messages")).hasSize(3);
        assertThat(body.at("/messages/1/content/1/toolUse/input/city").asText()).isEqualTo("Bonn");
        assertThat(body.at("/messages/2/content")).hasSize(2);
        assertThat(body.at("/toolConfig/toolChoice/tool/name").asText()).isEqualTo("weather");
    }

    @Test
    void noToolIsOfferedWhereNoneMayBeCalled() {
        var script = ScriptedProvider.script(Reply.text("Fine."));

        generate(afterTools(script)
                .toolSpecifications(weather())
                .toolChoice(ToolChoice.NONE)
                .build());

        JsonNode body = script.requests().getFirst().body();
        assertThat(body.has("toolConfig")).isFalse();
        assertThat(body.findValue("toolUse")).isNull();
    }

    @Test
    void whatStaysTheSameIsMarkedForTheCache() {
        JsonNode plain = cached("Be kind.");
        assertThat(plain.at("/toolConfig/tools/1/cachePoint/type").asText()).isEqualTo("default");
        assertThat(plain.at("/system/1/cachePoint/type").asText()).isEqualTo("default");
        assertThat(plain.at("/messages/0/content/1/cachePoint/type").asText()).isEqualTo("default");

        JsonNode searched = cached("Be kind.\n\n<passages>\n</passages>");
        assertThat(searched.at("/system/1/cachePoint/type").asText()).isEqualTo("default");
        assertThat(searched.at("/system/2/text").asText()).startsWith("<passages>");
        assertThat(searched.path("messages").findValue("cachePoint")).isNull();
    }

    private record Named(int status, String exception, String attempt, ProblemKind kind) {}

    @Test
    void itsExceptionsAreKnownByName() {
        for (Named named : List.of(
                new Named(400, "ServiceQuotaExceededException", "quota_exhausted", ProblemKind.UNAVAILABLE),
                new Named(429, "ModelNotReadyException", "status_503", ProblemKind.BAD_GATEWAY),
                new Named(424, "ModelErrorException", "status_424", ProblemKind.BAD_GATEWAY),
                new Named(408, "ModelTimeoutException", "status_408", ProblemKind.BAD_GATEWAY),
                new Named(404, "ResourceNotFoundException", "rejected", ProblemKind.INVALID_REQUEST),
                new Named(403, "ExpiredTokenException", "provider_auth", ProblemKind.BAD_GATEWAY))) {
            var script = ScriptedProvider.script(Reply.error(named.status, named.exception, "No."));

            var failure = catchThrowableOfType(
                    ModelFailure.class, () -> generate(ask(script).build()));

            assertThat(failure.kind()).as(named.exception).isEqualTo(named.kind);
            assertThat(failure.attempts()).extracting(Attempt::failure).containsOnly(named.attempt);
        }
    }

    @Test
    void anExceptionWithinAStreamIsWhatItSays() {
        var passing = ScriptedProvider.script(
                Reply.steps(new Step.Failure("throttlingException", "Slow down")), Reply.text("Fine again, dear."));
        assertThat(stream(ask(passing).build()).attempts())
                .extracting(Attempt::failure)
                .containsExactly("rate_limited", null);

        var late = ScriptedProvider.script(
                Reply.steps(new Step.Text("Hel"), new Step.Failure("modelStreamErrorException", "Broken")));
        var failure =
                catchThrowableOfType(ModelFailure.class, () -> stream(ask(late).build()));
        assertThat(failure.code()).isEqualTo("stream_interrupted");
        assertThat(failure.attempts()).extracting(Attempt::failure).containsExactly("status_424");
    }

    private JsonNode cached(String instructions) {
        var script = ScriptedProvider.script(Reply.text("Hello."));
        models.generate(
                "scripted-bedrock-caching",
                ChatRequest.builder()
                        .messages(SystemMessage.from(instructions), UserMessage.from("Hello " + script.marker()))
                        .toolSpecifications(weather())
                        .build(),
                Spend.UNMETERED);
        return script.requests().getFirst().body();
    }
}
