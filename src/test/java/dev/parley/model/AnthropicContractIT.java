package dev.parley.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.output.FinishReason;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.ScriptedProvider.Script;
import dev.parley.testing.Step;
import io.quarkus.test.junit.QuarkusTest;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
class AnthropicContractIT extends ProviderContract {

    @Override
    ProviderFacts facts() {
        return new ProviderFacts(
                "Anthropic",
                EnumSet.complementOf(EnumSet.of(Capability.JSON)),
                true,
                true,
                true,
                Map.of(
                        "end_turn", FinishReason.STOP,
                        "stop_sequence", FinishReason.STOP,
                        "max_tokens", FinishReason.LENGTH,
                        "model_context_window_exceeded", FinishReason.LENGTH,
                        "refusal", FinishReason.CONTENT_FILTER,
                        "pause_turn", FinishReason.OTHER));
    }

    @Override
    String alias() {
        return "scripted-anthropic";
    }

    @Override
    Reply error(int status) {
        String type =
                switch (status) {
                    case 401 -> "authentication_error";
                    case 403 -> "permission_error";
                    case 429 -> "rate_limit_error";
                    case 400 -> "invalid_request_error";
                    default -> "api_error";
                };
        return Reply.error(status, type, "Something is wrong.");
    }

    @Override
    Reply tooLong() {
        return Reply.error(400, "invalid_request_error", "prompt is too long: 9000 tokens > 8192 maximum");
    }

    @Override
    JsonNode schemaIn(JsonNode request) {
        assertThat(request.at("/output_config/format/type").asText()).isEqualTo("json_schema");
        return request.at("/output_config/format/schema");
    }

    @Override
    String imageIn(JsonNode request) {
        JsonNode source = request.findValue("source");
        return source.path(source.path("type").asText().equals("url") ? "url" : "data")
                .asText();
    }

    @Test
    void aRequestNamesItsVersionItsKeyAndALimit() {
        var script = ScriptedProvider.script(Reply.text("Hello."));

        generate(ask(script)
                .temperature(1.7)
                .topP(0.5)
                .stopSequences(List.of("END"))
                .build());

        var request = script.requests().getFirst();
        assertThat(request.path()).isEqualTo("/v1/messages");
        assertThat(request.headers())
                .containsEntry("Anthropic-version", "2023-06-01")
                .containsEntry("X-api-key", "anthropic-secret");
        assertThat(request.body().path("max_tokens").asInt()).isEqualTo(1024);
        assertThat(request.body().at("/system/0/text").asText()).isEqualTo("Be kind.");
        assertThat(request.body().path("temperature").asDouble()).isEqualTo(1);
        assertThat(request.body().has("top_p")).isFalse();
        assertThat(request.body().at("/stop_sequences/0").asText()).isEqualTo("END");
        assertThat(request.body().findValue("cache_control")).isNull();
    }

    @Test
    void whatAModelRefusesIsLeftOut() {
        var script = ScriptedProvider.script(Reply.text("Hello."));

        models.generate(
                "scripted-anthropic-strict", ask(script).temperature(0.2).build(), Spend.UNMETERED);

        JsonNode body = script.requests().getFirst().body();
        assertThat(body.has("temperature")).isFalse();
        assertThat(body.at("/thinking/type").asText()).isEqualTo("disabled");
    }

    @Test
    void resultsOfOneAnswersToolsAreOneTurn() {
        var script = ScriptedProvider.script(Reply.text("Fine."));

        generate(afterTools(script).toolSpecifications(weather()).build());

        JsonNode messages = script.requests().getFirst().body().path("messages");
        assertThat(messages).hasSize(3);
        assertThat(messages.at("/1/content/1/input/city").asText()).isEqualTo("Bonn");
        assertThat(messages.at("/2/content")).hasSize(2);
        assertThat(messages.at("/2/content/1/tool_use_id").asText()).isEqualTo("call_2");
    }

    @Test
    void howToolsAreCalledCanBeChosen() {
        assertThat(choice(ToolChoice.REQUIRED, null).path("type").asText()).isEqualTo("tool");
        assertThat(choice(ToolChoice.NONE, null).path("type").asText()).isEqualTo("none");
        assertThat(choice(null, null).isMissingNode()).isTrue();
        assertThat(choice(null, false).path("disable_parallel_tool_use").asBoolean())
                .isTrue();
    }

    @Test
    void whatStaysTheSameIsMarkedForTheCache() {
        JsonNode plain = cached("Be kind.");
        assertThat(plain.at("/tools/0/cache_control/type").asText()).isEqualTo("ephemeral");
        assertThat(plain.at("/system/0/cache_control/type").asText()).isEqualTo("ephemeral");
        assertThat(plain.at("/messages/0/content/0/cache_control/type").asText())
                .isEqualTo("ephemeral");

        JsonNode searched = cached("Be kind.\n\n<passages>\n</passages>");
        assertThat(searched.at("/system/0/text").asText()).isEqualTo("Be kind.\n\n");
        assertThat(searched.at("/system/0/cache_control/type").asText()).isEqualTo("ephemeral");
        assertThat(searched.at("/system/1").has("cache_control")).isFalse();
        assertThat(searched.path("messages").findValue("cache_control")).isNull();
    }

    @Test
    void anErrorWithinAStreamIsWhatItSays() {
        var passing = ScriptedProvider.script(
                Reply.steps(new Step.Failure("overloaded_error", "Overloaded")), Reply.text("Fine again, dear."));
        assertThat(stream(ask(passing).build()).attempts())
                .extracting(Attempt::failure)
                .containsExactly("status_529", null);

        var late = ScriptedProvider.script(
                Reply.steps(new Step.Text("Hel"), new Step.Failure("overloaded_error", "Overloaded")));
        var failure =
                catchThrowableOfType(ModelFailure.class, () -> stream(ask(late).build()));
        assertThat(failure.code()).isEqualTo("stream_interrupted");
        assertThat(failure.partialText()).isEqualTo("Hel");
    }

    @Test
    void anAccountWithoutMoneyIsToldApartFromABadRequest() {
        for (Reply broke : List.of(
                Reply.error(402, "billing_error", "Billing."),
                Reply.error(400, "invalid_request_error", "Your credit balance is too low to access the API."))) {
            var failure = catchThrowableOfType(
                    ModelFailure.class,
                    () -> generate(ask(ScriptedProvider.script(broke)).build()));
            assertThat(failure.code()).isEqualTo("provider_quota");
        }
    }

    private JsonNode choice(ToolChoice choice, Boolean parallel) {
        var script = ScriptedProvider.script(Reply.text("Hello."));
        models.generate(
                alias(),
                ChatRequest.builder()
                        .messages(UserMessage.from("Hello " + script.marker()))
                        .parameters(ChatParameters.builder()
                                .toolSpecifications(List.of(weather()))
                                .toolChoice(choice)
                                .parallelToolCalls(parallel)
                                .build())
                        .build(),
                Spend.UNMETERED);
        return script.requests().getFirst().body().path("tool_choice");
    }

    private JsonNode cached(String instructions) {
        Script script = ScriptedProvider.script(Reply.text("Hello."));
        models.generate(
                "scripted-anthropic-caching",
                ChatRequest.builder()
                        .messages(SystemMessage.from(instructions), UserMessage.from("Hello " + script.marker()))
                        .toolSpecifications(weather())
                        .build(),
                Spend.UNMETERED);
        return script.requests().getFirst().body();
    }
}
