package dev.parley.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.output.FinishReason;
import dev.parley.problem.ProblemKind;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.ScriptedProvider.Script;
import dev.parley.testing.Step;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// What every provider over a network does, against a server that speaks its wire format.
abstract class ProviderContract extends ChatContract {

    private static final Set<String> RETRIED = Set.of("rate_limited", "status_500", "status_503", "status_408");

    /// How it says that a prompt is too long.
    abstract Reply tooLong();

    /// Where the schema of the answer stands in its request.
    abstract JsonNode schemaIn(JsonNode request);

    /// Where the data or the address of the first image stands in its request.
    abstract String imageIn(JsonNode request);

    @Override
    ChatRequest.Builder question() {
        return ask(ScriptedProvider.script(Reply.text("Hello dear you.").usage(100, 0, 10)));
    }

    @Test
    void usageIsPaidAtItsPricesWhateverTheCacheHeld() {
        var script = ScriptedProvider.script(Reply.text("Hello you.").usage(100, 40, 10));

        for (Generation generation : bothWays(script)) {
            var usage = generation.response().tokenUsage();
            assertThat(usage.inputTokenCount()).isEqualTo(100);
            assertThat(usage.outputTokenCount()).isEqualTo(10);
            assertThat(((CachedTokens) usage).cachedInputTokens()).isEqualTo(40);
            // 60 at $1, 40 cached at $0.10, 10 at $2 per million
            assertThat(generation.costMicros()).isEqualTo(84);
        }
    }

    @Test
    void whatIsWrittenToTheCacheIsPaidAtItsOwnPrice() {
        assumeTrue(facts().writesHaveAPrice());
        var script = ScriptedProvider.script(
                Reply.text("Hello you.").usage(100, 40, 10).written(20));

        for (Generation generation : bothWays(script)) {
            assertThat(generation.response().tokenUsage().inputTokenCount()).isEqualTo(100);
            // 40 at $1, 40 cached at $0.10, 20 written at $1.25, 10 at $2 per million
            assertThat(generation.costMicros()).isEqualTo(89);
        }
    }

    @Test
    void anAnswerWithoutUsageIsCountedAndSaysSo() {
        assumeTrue(mayLeaveUsageOut());
        var script = ScriptedProvider.script(Reply.text("Hello you.").withoutUsage());

        for (Generation generation : bothWays(script)) {
            assertThat(generation.warnings()).containsExactly(Warning.USAGE_ESTIMATED);
            assertThat(generation.costMicros()).isPositive();
        }
    }

    @Test
    void aToolIsCalledWithItsArguments() {
        var script = ScriptedProvider.script(Reply.steps(
                new Step.Text("Let me see."), new Step.ToolCall(0, "call_1", "weather", "{\"city\":\"Ulm\"}")));

        for (Generation generation : bothWaysWithTools(script)) {
            var message = generation.response().aiMessage();
            assertThat(generation.response().finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
            assertThat(message.text()).isEqualTo("Let me see.");
            assertThat(message.toolExecutionRequests()).singleElement().satisfies(call -> {
                assertThat(call.name()).isEqualTo("weather");
                assertThat(call.arguments().replace(" ", "")).isEqualTo("{\"city\":\"Ulm\"}");
                assertThat(call.id()).isNotBlank();
            });
        }
        assertThat(String.valueOf(script.requests().getFirst().body())).contains("The weather in a city.");
    }

    @Test
    void callsInPiecesArePassedOnInPieces() {
        assumeTrue(facts().toolCallsInPieces());
        var script = ScriptedProvider.script(Reply.steps(
                new Step.ToolCall(0, "call_1", "weather", "{\"city\":"),
                new Step.ToolCall(0, null, null, "\"Ulm\"}"),
                new Step.ToolCall(1, "call_2", "now", "")));

        Generation generation = stream(ask(script).toolSpecifications(weather()).build());

        assertThat(heard.calls)
                .containsExactly("0 call_1 weather {\"city\":", "0 call_1 weather \"Ulm\"}", "1 call_2 now {}");
        assertThat(generation.response().aiMessage().toolExecutionRequests())
                .extracting(ToolExecutionRequest::arguments)
                .containsExactly("{\"city\":\"Ulm\"}", "{}");
    }

    @Test
    void toolsAreCalledSideBySide() {
        var script = ScriptedProvider.script(Reply.steps(
                new Step.ToolCall(0, "call_1", "weather", "{\"city\":\"Ulm\"}"),
                new Step.ToolCall(1, "call_2", "weather", "{\"city\":\"Bonn\"}")));

        for (Generation generation : bothWaysWithTools(script)) {
            assertThat(generation.response().aiMessage().toolExecutionRequests())
                    .extracting(ToolExecutionRequest::id)
                    .hasSize(2)
                    .doesNotHaveDuplicates();
        }
        assertThat(heard.calls).hasSize(2);
    }

    @Test
    void resultsOfToolsGoBackBesideTheirCalls() {
        var script = ScriptedProvider.script(Reply.text("Sunny and wet."));

        Generation generation =
                generate(afterTools(script).toolSpecifications(weather()).build());

        assertThat(generation.response().aiMessage().text()).isEqualTo("Sunny and wet.");
        assertThat(String.valueOf(script.requests().getFirst().body())).contains("Ulm", "Bonn", "sunny", "rainy");
    }

    @Test
    void aConversationWithCallsGoesOnWithoutTools() {
        var script = ScriptedProvider.script(Reply.text("Sunny and wet."));

        generate(afterTools(script).build());

        assertThat(String.valueOf(script.requests().getFirst().body())).contains("Ulm", "sunny", "rainy");
    }

    @Test
    void anAnswerBySchemaIsAskedForWithTheClientsSchema() throws Exception {
        assumeTrue(facts().can(Capability.JSON_SCHEMA));
        var script = ScriptedProvider.script(Reply.steps(new Step.Text("{\"city\":"), new Step.Text("\"Ulm\"}")));

        for (Supplier<Generation> way : ways(asking(ask(script), Capability.JSON_SCHEMA))) {
            assertThat(way.get().response().aiMessage().text()).isEqualTo("{\"city\":\"Ulm\"}");
        }
        for (var request : script.requests()) {
            JsonNode schema = schemaIn(request.body());
            assertThat(schema.at("/properties/city/type").asText()).isEqualToIgnoringCase("string");
            assertThat(schema.at("/required/0").asText()).isEqualTo("city");
        }
    }

    @Test
    void imagesAreSentAsData() {
        assumeTrue(facts().can(Capability.VISION));
        var script = ScriptedProvider.script(Reply.text("A dot."));

        generate(asking(ask(script), Capability.VISION));

        assertThat(imageIn(script.requests().getFirst().body())).contains(PIXEL);
    }

    @Test
    void imagesAreSentByTheirAddressOrRefused() {
        var script = ScriptedProvider.script(Reply.text("A dot."));
        var request = ChatRequest.builder()
                .messages(UserMessage.from(
                        TextContent.from("What is it? " + script.marker()),
                        ImageContent.from(URI.create("https://images.example/dot.png"))))
                .build();

        if (facts().imagesByUrl()) {
            generate(request);
            assertThat(imageIn(script.requests().getFirst().body())).isEqualTo("https://images.example/dot.png");
        } else {
            var refused = catchThrowableOfType(ModelFailure.class, () -> generate(request));
            assertThat(refused.kind()).isEqualTo(ProblemKind.INVALID_REQUEST);
            assertThat(refused.getMessage()).containsIgnoringCase("URL");
            assertThat(script.requests()).isEmpty();
        }
    }

    @Test
    void itsReasonsToStopAreUnderstood() {
        facts().stopReasons().forEach((reason, meaning) -> {
            var script = ScriptedProvider.script(Reply.text("Once upon").finish(reason));
            for (Generation generation : bothWays(script)) {
                assertThat(generation.response().finishReason()).as(reason).isEqualTo(meaning);
                assertThat(generation.response().aiMessage().text()).isEqualTo("Once upon");
            }
        });
    }

    private record Failing(Reply reply, String attempt, ProblemKind kind, String code) {}

    private List<Failing> failures() {
        return List.of(
                new Failing(error(429), "rate_limited", ProblemKind.RATE_LIMITED, "rate_limit_exceeded"),
                new Failing(error(500), "status_500", ProblemKind.BAD_GATEWAY, "provider_error"),
                new Failing(error(503), "status_503", ProblemKind.BAD_GATEWAY, "provider_error"),
                new Failing(error(408), "status_408", ProblemKind.BAD_GATEWAY, "provider_error"),
                new Failing(error(401), "provider_auth", ProblemKind.BAD_GATEWAY, "provider_auth"),
                new Failing(error(403), "provider_auth", ProblemKind.BAD_GATEWAY, "provider_auth"),
                new Failing(error(400), "rejected", ProblemKind.INVALID_REQUEST, "provider_rejected_request"),
                new Failing(
                        tooLong(), "context_length_exceeded", ProblemKind.INVALID_REQUEST, "context_length_exceeded"));
    }

    @Test
    void itsErrorsAreTypedAndOnlyPassingOnesAreTriedAgain() {
        for (Failing failing : failures()) {
            for (Supplier<Generation> way :
                    ways(ask(ScriptedProvider.script(failing.reply)).build())) {
                var failure = catchThrowableOfType(ModelFailure.class, way::get);

                assertThat(failure).as("%s", failing.reply.status()).isNotNull();
                assertThat(failure.kind()).as("%s", failing.reply.status()).isEqualTo(failing.kind);
                assertThat(failure.code()).isEqualTo(failing.code);
                assertThat(failure.attempts())
                        .extracting(Attempt::failure)
                        .hasSize(RETRIED.contains(failing.attempt) ? 2 : 1)
                        .containsOnly(failing.attempt);
            }
        }
    }

    @Test
    void aPassingErrorIsTriedAgainAndForgotten() {
        var script = ScriptedProvider.script(error(429), Reply.text("Fine."));

        assertThat(generate(ask(script).build()).attempts())
                .extracting(Attempt::failure)
                .containsExactly("rate_limited", null);
    }

    @Test
    void whenToComeBackIsTold() {
        var script = ScriptedProvider.script(error(429).header("Retry-After", "3600"));

        var failure = catchThrowableOfType(
                ModelFailure.class, () -> generate(ask(script).build()));

        assertThat(failure.attempts()).hasSize(1);
        assertThat(failure.retryAfter())
                .hasValueSatisfying(delay -> assertThat(delay).hasSeconds(3600));
    }

    @Test
    void whatBreaksBeforeItsFirstPieceIsTriedAgain() {
        for (Step broken : List.of(new Step.Cut(), new Step.Stall())) {
            var script = ScriptedProvider.script(Reply.steps(broken), Reply.text("Fine again."));

            Generation generation = stream(ask(script).build());

            assertThat(generation.response().aiMessage().text()).isEqualTo("Fine again.");
            assertThat(generation.attempts()).hasSize(2);
        }
    }

    @Test
    void whatBreaksAfterItsFirstPieceIsNotTriedAgain() {
        for (Step broken : List.of(new Step.Cut(), new Step.Stall())) {
            var script = ScriptedProvider.script(Reply.steps(new Step.Text("Hel"), new Step.Pause(20), broken));

            var failure = catchThrowableOfType(
                    ModelFailure.class, () -> stream(ask(script).build()));

            assertThat(failure.code()).as("%s", broken).isEqualTo("stream_interrupted");
            assertThat(failure.partialText()).isEqualTo("Hel");
            assertThat(script.requests()).hasSize(1);
        }
    }

    @Test
    void aWholeAnswerThatDoesNotComeIsATimeOut() {
        var failure = catchThrowableOfType(
                ModelFailure.class,
                () -> generate(ask(ScriptedProvider.script(Reply.steps(new Step.Stall())))
                        .build()));

        assertThat(failure.kind()).isEqualTo(ProblemKind.TIMED_OUT);
    }

    @Test
    void anAnswerThatIsNoneIsMalformed() {
        var script = ScriptedProvider.script(Reply.steps(new Step.Raw("{\"nothing\": true}")));

        var failure = catchThrowableOfType(
                ModelFailure.class, () -> generate(ask(script).build()));

        assertThat(failure.code()).isEqualTo("provider_malformed_answer");
    }

    @Test
    void cancellingClosesTheConnection() {
        var steps = new ArrayList<Step>();
        for (int i = 0; i < 500; i++) {
            steps.add(new Step.Text("word "));
            steps.add(new Step.Pause(20));
        }
        var script = ScriptedProvider.script(Reply.steps(steps.toArray(Step[]::new)));
        heard.cancelAfter = 3;

        stream(ask(script).build());

        await().untilAsserted(() ->
                assertThat(script.requests().getFirst().clientClosed()).isTrue());
    }

    @Test
    void whatTheListenerThrowsIsThrownOn() {
        var script = ScriptedProvider.script(Reply.text("Hello dear you."));
        var gone = new IllegalStateException("client gone");
        ThrowingCallable call = () -> models.stream(
                alias(),
                ask(script).build(),
                new GenerationListener() {
                    @Override
                    public void onText(String delta) {
                        throw gone;
                    }

                    @Override
                    public void onRefusal(String delta) {}

                    @Override
                    public void onToolCall(int index, String id, String name, String argumentsDelta) {}
                },
                Spend.UNMETERED);

        assertThat(catchThrowableOfType(IllegalStateException.class, call)).isSameAs(gone);
        assertThat(script.requests()).hasSize(1);
    }

    boolean mayLeaveUsageOut() {
        return true;
    }

    /// In the provider's own code for the status, where it has one.
    Reply error(int status) {
        return Reply.error(status, "error_" + status, "Something is wrong.");
    }

    private List<Supplier<Generation>> ways(ChatRequest request) {
        return List.of(() -> generate(request), () -> stream(request));
    }

    private List<Generation> bothWays(Script script) {
        return List.of(generate(ask(script).build()), stream(ask(script).build()));
    }

    private List<Generation> bothWaysWithTools(Script script) {
        var request = ask(script).toolSpecifications(weather()).build();
        return List.of(generate(request), stream(request));
    }

    static ChatRequest.Builder ask(Script script) {
        return ChatRequest.builder()
                .messages(SystemMessage.from("Be kind."), UserMessage.from("Hello " + script.marker()));
    }

    static ChatRequest.Builder afterTools(Script script) {
        var ulm = ToolExecutionRequest.builder()
                .id("call_1")
                .name("weather")
                .arguments("{\"city\":\"Ulm\"}")
                .build();
        var bonn = ulm.toBuilder().id("call_2").arguments("{\"city\":\"Bonn\"}").build();
        return ChatRequest.builder()
                .messages(
                        UserMessage.from("Weather? " + script.marker()),
                        AiMessage.from(ulm, bonn),
                        ToolExecutionResultMessage.from(ulm, "sunny"),
                        ToolExecutionResultMessage.from(bonn, "rainy"));
    }
}
