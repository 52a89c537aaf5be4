package dev.parley.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.output.FinishReason;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.ScriptedProvider.Script;
import dev.parley.testing.Step;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ChatModelsIT {

    @Inject
    ChatModels models;

    private final Heard heard = new Heard();

    /// Hears everything and cancels after so many texts.
    private static class Heard implements GenerationListener {
        private final List<String> texts = new ArrayList<>();
        private final List<String> refusals = new ArrayList<>();
        private final List<String> calls = new ArrayList<>();
        private int cancelAfter = Integer.MAX_VALUE;

        @Override
        public void onText(String delta) {
            texts.add(delta);
        }

        @Override
        public void onRefusal(String delta) {
            refusals.add(delta);
        }

        @Override
        public void onToolCall(int index, String id, String name, String argumentsDelta) {
            calls.add(index + " " + id + " " + name + " " + argumentsDelta);
        }

        @Override
        public boolean isCancelled() {
            return texts.size() + refusals.size() >= cancelAfter;
        }
    }

    @Test
    void aWholeAnswerHasUsageCostAndItsAttempt() {
        var script = ScriptedProvider.script(Reply.text("Hello you.").usage(100, 40, 10));

        Generation generation = models.generate("scripted", ask(script), Spend.UNMETERED);

        assertThat(generation.response().aiMessage().text()).isEqualTo("Hello you.");
        assertThat(generation.response().finishReason()).isEqualTo(FinishReason.STOP);
        // 60 at $1, 40 cached at $0.10, 10 at $2 per million
        assertThat(generation.costMicros()).isEqualTo(84);
        assertThat(generation.warnings()).isEmpty();
        assertThat(generation.attempts()).singleElement().satisfies(attempt -> {
            assertThat(attempt.failure()).isNull();
            assertThat(attempt.provider()).isEqualTo("scripted");
        });
        assertThat(script.requests().getFirst().headers()).containsEntry("Authorization", "Bearer sk-scripted-secret");
    }

    @Test
    void aStreamComesPieceByPieceWithUsage() {
        var script = ScriptedProvider.script(Reply.text("Hello dear you.").usage(100, 0, 10));

        Generation generation = models.stream("scripted", ask(script), heard, Spend.UNMETERED);

        assertThat(heard.texts).containsExactly("Hello ", "dear ", "you.");
        assertThat(generation.response().aiMessage().text()).isEqualTo("Hello dear you.");
        assertThat(generation.costMicros()).isEqualTo(120);
        assertThat(generation.timeToFirstToken()).isPositive();
    }

    @Test
    void streamedToolCallsArePassedOnPieceByPiece() {
        var script = ScriptedProvider.script(Reply.steps(
                new Step.ToolCall(0, "call_1", "weather", ""),
                new Step.ToolCall(0, null, null, "{\"city\":"),
                new Step.ToolCall(0, null, null, "\"Ulm\"}"),
                new Step.ToolCall(1, "call_2", "time", "{}")));

        Generation generation = models.stream("scripted", ask(script), heard, Spend.UNMETERED);

        assertThat(heard.calls)
                .containsExactly("0 call_1 weather {\"city\":", "0 call_1 weather \"Ulm\"}", "1 call_2 time {}");
        assertThat(generation.response().finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
        assertThat(generation.response().aiMessage().toolExecutionRequests())
                .extracting(call -> call.name() + call.arguments())
                .containsExactly("weather{\"city\":\"Ulm\"}", "time{}");
        assertThat(models.generate("scripted", ask(script), Spend.UNMETERED)
                        .response()
                        .aiMessage()
                        .toolExecutionRequests())
                .hasSize(2);
    }

    @Test
    void aStreamedToolCallWithoutArgumentsIsPassedOn() {
        var script = ScriptedProvider.script(
                Reply.steps(new Step.ToolCall(0, "call_1", "now", ""), new Step.ToolCall(1, "call_2", "time", "{}")));

        Generation generation = models.stream("scripted", ask(script), heard, Spend.UNMETERED);

        assertThat(heard.calls).containsExactlyInAnyOrder("0 call_1 now {}", "1 call_2 time {}");
        assertThat(generation.response().aiMessage().toolExecutionRequests())
                .extracting(call -> call.id() + call.arguments())
                .containsExactly("call_1{}", "call_2{}");
    }

    @Test
    void withoutUsageItIsEstimatedAndSaysSo() {
        var script = ScriptedProvider.script(Reply.text("Hello you.").withoutUsage());

        Generation generation = models.stream("scripted", ask(script), heard, Spend.UNMETERED);

        assertThat(generation.warnings()).containsExactly(Warning.USAGE_ESTIMATED);
        assertThat(generation.response().tokenUsage().outputTokenCount()).isPositive();
        assertThat(generation.costMicros()).isPositive();
    }

    @Test
    void anUnknownPriceIsNeverSilentlyFree() {
        var script = ScriptedProvider.script(Reply.text("Hi."));

        assertThat(models.generate("scripted-fallback", ask(script), Spend.UNMETERED)
                        .warnings())
                .containsExactly(Warning.PRICE_UNKNOWN);
    }

    @Test
    void aPassingFailureIsTriedAgain() {
        for (Reply failure : List.of(Reply.rateLimited(), Reply.serverError(), Reply.error(408, "timeout", "Late."))) {
            var script = ScriptedProvider.script(failure, Reply.text("Fine."));

            Generation generation = models.generate("scripted-alone", ask(script), Spend.UNMETERED);

            assertThat(generation.model()).isEqualTo("scripted-alone");
            assertThat(generation.attempts()).hasSize(2);
            assertThat(generation.attempts().getFirst().failure()).isNotNull();
        }
    }

    @Test
    void retryAfterIsHonoured() {
        var script = ScriptedProvider.script(Reply.rateLimited(1), Reply.text("Fine."));
        long start = System.nanoTime();

        models.generate("scripted-alone", ask(script), Spend.UNMETERED);

        assertThat(System.nanoTime() - start).isGreaterThan(900_000_000L);
    }

    @Test
    void aLongRetryAfterGoesToTheFallbackAtOnce() {
        var script = ScriptedProvider.script(
                Reply.rateLimited(3600).onlyFor("scripted"), Reply.text("Me.").onlyFor("scripted-fallback"));

        Generation generation = models.stream("scripted", ask(script), heard, Spend.UNMETERED);

        assertThat(generation.model()).isEqualTo("scripted-fallback");
        assertThat(generation.attempts()).extracting(Attempt::failure).containsExactly("rate_limited", null);
    }

    @Test
    void failuresBeforeTheFirstEventFallBack() {
        for (Step failure : List.of(new Step.Cut(), new Step.Raw("{not json"), new Step.Stall())) {
            var script = ScriptedProvider.script(
                    Reply.steps(failure).onlyFor("scripted"), Reply.text("Me.").onlyFor("scripted-fallback"));

            Generation generation = models.stream("scripted", ask(script), new Heard(), Spend.UNMETERED);

            assertThat(generation.model()).as("%s", failure).isEqualTo("scripted-fallback");
            assertThat(generation.attempts()).hasSize(3);
        }
    }

    @Test
    void afterTheFirstEventNothingIsTriedAgain() {
        for (Step failure : List.of(new Step.Cut(), new Step.Stall(), new Step.Raw("{not json"))) {
            var script = ScriptedProvider.script(Reply.steps(new Step.Text("Hel"), failure));

            assertThatThrownBy(() -> models.stream("scripted", ask(script), new Heard(), Spend.UNMETERED))
                    .asInstanceOf(throwable(ModelFailure.class))
                    .satisfies(thrown -> {
                        assertThat(thrown.code()).isEqualTo("stream_interrupted");
                        assertThat(thrown.partialText()).isEqualTo("Hel");
                        assertThat(thrown.attempts()).hasSize(1);
                    });
            assertThat(script.requests()).hasSize(1);
        }
    }

    @Test
    void aStreamWithoutAnEndIsInterrupted() {
        var script = ScriptedProvider.script(Reply.text("Hello").finish(null));

        assertThatThrownBy(() -> models.stream("scripted", ask(script), heard, Spend.UNMETERED))
                .asInstanceOf(throwable(ModelFailure.class))
                .extracting(Problem::code)
                .isEqualTo("stream_interrupted");
    }

    @Test
    void aFaultyRequestIsToldAndNotTriedAgain() {
        var overflow = failure(ScriptedProvider.script(Reply.contextOverflow()));
        assertThat(overflow.code()).isEqualTo("context_length_exceeded");
        assertThat(overflow.kind()).isEqualTo(ProblemKind.INVALID_REQUEST);
        assertThat(overflow.getMessage()).contains("8192");

        var rejected = failure(ScriptedProvider.script(Reply.error(400, "bad", "Temperature must be 1.")));
        assertThat(rejected.getMessage()).isEqualTo("Temperature must be 1.");
        assertThat(rejected.attempts()).hasSize(1);

        var filtered = failure(ScriptedProvider.script(Reply.error(400, "content_filter", "The prompt was filtered.")));
        assertThat(filtered.code()).isEqualTo("content_filter");
        assertThat(filtered.getMessage()).isEqualTo("The prompt was filtered.");
    }

    @Test
    void aRefusalIsAnAnswerThatIsPaid() {
        var script = ScriptedProvider.script(
                Reply.steps(new Step.Refusal("I "), new Step.Refusal("can't.")).usage(100, 0, 10));

        Generation whole = models.generate("scripted", ask(script), Spend.UNMETERED);
        Generation streamed = models.stream("scripted", ask(script), heard, Spend.UNMETERED);

        assertThat(heard.refusals).containsExactly("I ", "can't.");
        assertThat(heard.texts).isEmpty();
        for (Generation generation : List.of(whole, streamed)) {
            assertThat(Refusal.of(generation.response().aiMessage())).hasValue("I can't.");
            assertThat(generation.response().aiMessage().text()).isNull();
            assertThat(generation.response().finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(generation.costMicros()).isEqualTo(120);
            assertThat(generation.attempts()).hasSize(1);
        }
    }

    @Test
    void aRefusalAfterTextKeepsBoth() {
        var script = ScriptedProvider.script(Reply.steps(new Step.Text("Well. "), new Step.Refusal("No.")));

        for (Generation generation : List.of(
                models.generate("scripted", ask(script), Spend.UNMETERED),
                models.stream("scripted", ask(script), heard, Spend.UNMETERED))) {
            assertThat(generation.response().aiMessage().text()).isEqualTo("Well. ");
            assertThat(Refusal.of(generation.response().aiMessage())).hasValue("No.");
        }
    }

    @Test
    void aRefusalThatBreaksOffIsNotTriedAgain() {
        var script = ScriptedProvider.script(Reply.steps(new Step.Refusal("I "), new Step.Cut()));

        var failure = catchThrowableOfType(
                ModelFailure.class, () -> models.stream("scripted", ask(script), heard, Spend.UNMETERED));

        assertThat(failure.code()).isEqualTo("stream_interrupted");
        assertThat(failure.partialText()).isEqualTo("I ");
        assertThat(script.requests()).hasSize(1);
    }

    @Test
    void aCancelledRefusalKeepsWhatThereIs() {
        var script = ScriptedProvider.script(
                Reply.steps(new Step.Refusal("I "), new Step.Refusal("really "), new Step.Refusal("can't.")));
        heard.cancelAfter = 2;

        Generation generation = models.stream("scripted", ask(script), heard, Spend.UNMETERED);

        assertThat(Refusal.of(generation.response().aiMessage())).hasValue("I really ");
        assertThat(generation.warnings()).contains(Warning.CANCELLED);
    }

    @Test
    void anAnswerThatAFilterCutIsWhatThereIsOfIt() {
        var script = ScriptedProvider.script(Reply.text("Once upon").finish("content_filter"));
        var empty = ScriptedProvider.script(Reply.steps(new Step.Pause(0)).finish("content_filter"));

        for (var each : List.of(script, empty)) {
            assertThat(models.generate("scripted", ask(each), Spend.UNMETERED)
                            .response()
                            .finishReason())
                    .isEqualTo(FinishReason.CONTENT_FILTER);
        }
        var streamed =
                models.stream("scripted", ask(script), heard, Spend.UNMETERED).response();
        assertThat(streamed.finishReason()).isEqualTo(FinishReason.CONTENT_FILTER);
        assertThat(streamed.aiMessage().text()).isEqualTo("Once upon");
    }

    @Test
    void aRejectedKeyIsToldWithoutTheKey() {
        var failure = failure(ScriptedProvider.script(
                Reply.error(401, "invalid_api_key", "Incorrect API key provided: sk-scripted-secret")));

        assertThat(failure.kind()).isEqualTo(ProblemKind.BAD_GATEWAY);
        assertThat(failure.code()).isEqualTo("provider_auth");
        assertThat(failure.getMessage()).doesNotContain("sk-scripted");
    }

    @Test
    void theLastRateLimitReachesTheClientWithItsDelay() {
        var failure = failure(ScriptedProvider.script(Reply.rateLimited(3600)));

        assertThat(failure.kind()).isEqualTo(ProblemKind.RATE_LIMITED);
        assertThat(failure.retryAfter())
                .hasValueSatisfying(delay -> assertThat(delay).hasSeconds(3600));
    }

    @Test
    void aCallThatTakesTooLongIsATimeOut() {
        var failure = failure(ScriptedProvider.script(Reply.steps(new Step.Stall())));

        assertThat(failure.kind()).isEqualTo(ProblemKind.TIMED_OUT);
        assertThat(failure.attempts()).extracting(Attempt::failure).containsOnly("timeout");
    }

    @Test
    void cancellingClosesTheProvidersConnectionAndKeepsTheText() {
        var steps = new ArrayList<Step>();
        for (int i = 0; i < 500; i++) {
            steps.add(new Step.Text("word "));
            steps.add(new Step.Pause(2));
        }
        var script = ScriptedProvider.script(Reply.steps(steps.toArray(Step[]::new)));
        heard.cancelAfter = 3;

        Generation generation = models.stream("scripted", ask(script), heard, Spend.UNMETERED);

        assertThat(generation.response().aiMessage().text()).isEqualTo("word word word ");
        assertThat(generation.warnings()).contains(Warning.CANCELLED, Warning.USAGE_ESTIMATED);
        await().untilAsserted(() ->
                assertThat(script.requests().getFirst().clientClosed()).isTrue());
    }

    @Test
    void whatTheListenerThrowsIsThrownOn() {
        var script = ScriptedProvider.script(Reply.text("Hello dear you."));
        var gone = new IllegalStateException("client gone");

        assertThatThrownBy(() -> models.stream(
                        "scripted",
                        ask(script),
                        new Heard() {
                            @Override
                            public void onText(String delta) {
                                throw gone;
                            }
                        },
                        Spend.UNMETERED))
                .isSameAs(gone);
        assertThat(script.requests()).hasSize(1);
    }

    @Test
    void modelsWithoutAKeyDoNotExist() {
        for (String alias : List.of("scripted-keyless", "gpt-5.1", "nonsense")) {
            assertThatThrownBy(() -> models.info(alias))
                    .asInstanceOf(throwable(Problem.class))
                    .satisfies(problem -> {
                        assertThat(problem.code()).isEqualTo("model_not_found");
                        assertThat(problem.kind()).isEqualTo(ProblemKind.NOT_FOUND);
                    });
        }
    }

    private ModelFailure failure(Script script) {
        return catchThrowableOfType(
                ModelFailure.class, () -> models.generate("scripted-alone", ask(script), Spend.UNMETERED));
    }

    private static ChatRequest ask(Script script) {
        return ChatRequest.builder()
                .messages(UserMessage.from("Hello " + script.marker()))
                .build();
    }
}
