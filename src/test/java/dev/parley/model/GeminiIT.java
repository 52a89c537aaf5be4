package dev.parley.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.parley.problem.ProblemKind;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.ScriptedProvider.Script;
import dev.parley.testing.Step;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@QuarkusTest
class GeminiIT {

    @Inject
    ChatModels models;

    @Inject
    EmbeddingModels embeddings;

    private final Heard heard = new Heard();

    private static class Heard implements GenerationListener {
        private final List<String> texts = new ArrayList<>();
        private final List<String> callIds = new ArrayList<>();

        @Override
        public void onText(String delta) {
            texts.add(delta);
        }

        @Override
        public void onRefusal(String delta) {
            throw new AssertionError("Gemini has no refusals: " + delta);
        }

        @Override
        public void onToolCall(int index, String id, String name, String argumentsDelta) {
            callIds.add(id);
        }
    }

    @Test
    void aWholeAnswerHasItsTextAndUsage() {
        var script = ScriptedProvider.script(Reply.text("Hello you.").usage(100, 0, 10));

        Generation generation = models.generate("scripted-gemini", ask(script), Spend.UNMETERED);

        assertThat(generation.response().aiMessage().text()).isEqualTo("Hello you.");
        assertThat(generation.response().finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(generation.response().tokenUsage().inputTokenCount()).isEqualTo(100);
        assertThat(generation.response().tokenUsage().outputTokenCount()).isEqualTo(10);
        assertThat(script.requests()).singleElement().satisfies(request -> {
            assertThat(request.path()).isEqualTo("/v1beta/models/scripted-gemini:generateContent");
            assertThat(request.headers()).containsEntry("X-goog-api-key", "gemini-secret");
        });
    }

    @Test
    void aStreamComesPieceByPiece() {
        var script = ScriptedProvider.script(Reply.text("Hello dear you."));

        Generation generation = models.stream("scripted-gemini", ask(script), heard, Spend.UNMETERED);

        assertThat(heard.texts).containsExactly("Hello ", "dear ", "you.");
        assertThat(generation.response().aiMessage().text()).isEqualTo("Hello dear you.");
        assertThat(generation.warnings()).doesNotContain(Warning.USAGE_ESTIMATED);
    }

    @Test
    void thoughtsArePaidAsOutputAndCachedTokensAtTheirPrice() {
        var script = ScriptedProvider.script(Reply.text("Hello you.").usage(100, 40, 30, 20));

        for (Generation generation : bothWays(script)) {
            TokenUsage usage = generation.response().tokenUsage();
            assertThat(usage.inputTokenCount()).isEqualTo(100);
            assertThat(usage.outputTokenCount()).isEqualTo(30);
            assertThat(usage.totalTokenCount()).isEqualTo(130);
            assertThat(((CachedTokens) usage).cachedInputTokens()).isEqualTo(40);
            assertThat(((ReasoningTokens) usage).reasoningTokens()).isEqualTo(20);
            // 60 at $1, 40 cached at $0.10, 30 at $2 per million
            assertThat(generation.costMicros()).isEqualTo(124);
            assertThat(generation.warnings()).isEmpty();
        }
    }

    @Test
    void anAnswerThatWasAllThoughtIsCountedAndNotEstimated() {
        var script = ScriptedProvider.script(
                Reply.steps(new Step.Pause(0)).finish("MAX_TOKENS").usage(100, 0, 50, 50));

        for (Generation generation : bothWays(script)) {
            assertThat(generation.response().finishReason()).isEqualTo(FinishReason.LENGTH);
            assertThat(generation.costMicros()).isEqualTo(200);
            assertThat(generation.warnings()).isEmpty();
        }
    }

    @Test
    void anAnswerThatGoogleFilteredIsWhatThereIsOfIt() {
        for (String reason : List.of("SAFETY", "RECITATION", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII")) {
            var script = ScriptedProvider.script(Reply.text("Once upon").finish(reason));

            for (Generation generation : bothWays(script)) {
                assertThat(generation.response().finishReason()).as(reason).isEqualTo(FinishReason.CONTENT_FILTER);
                assertThat(generation.response().aiMessage().text()).isEqualTo("Once upon");
            }
        }
        var empty = ScriptedProvider.script(Reply.steps(new Step.Pause(0)).finish("SAFETY"));
        assertThat(bothWays(empty))
                .allSatisfy(generation ->
                        assertThat(generation.response().finishReason()).isEqualTo(FinishReason.CONTENT_FILTER));
    }

    @Test
    void aPromptThatGoogleBlocksIsTheClientsError() {
        var script = ScriptedProvider.script(Reply.steps(new Step.Raw("""
                {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"},\
                 "usageMetadata": {"promptTokenCount": 12, "totalTokenCount": 12}}""")));

        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> models.generate("scripted-gemini", ask(script), Spend.UNMETERED),
                () -> models.stream("scripted-gemini", ask(script), heard, Spend.UNMETERED))) {
            var failure = catchThrowableOfType(ModelFailure.class, call);
            assertThat(failure.kind()).isEqualTo(ProblemKind.INVALID_REQUEST);
            assertThat(failure.code()).isEqualTo("content_filter");
            assertThat(failure.getMessage()).contains("PROHIBITED_CONTENT");
            assertThat(failure.attempts()).hasSize(1);
        }
    }

    @Test
    void toolCallsGetIdsOfTheirOwn() {
        var generation = models.generate("scripted-gemini", ask(callTwice()), Spend.UNMETERED);

        assertThat(ids(generation)).hasSize(2).doesNotHaveDuplicates().allMatch(id -> id.matches("call_[0-9a-f]{32}"));
    }

    @Test
    void streamedToolCallsHaveTheIdsOfTheAnswer() {
        var generation = models.stream("scripted-gemini", ask(callTwice()), heard, Spend.UNMETERED);

        assertThat(heard.callIds).hasSize(2).allMatch(id -> id.matches("call_[0-9a-f]{32}"));
        assertThat(ids(generation)).containsExactlyElementsOf(heard.callIds);
    }

    @Test
    void aRateLimitIsTriedAgainAndThenTold() {
        var passing = ScriptedProvider.script(
                Reply.error(429, "RESOURCE_EXHAUSTED", "Resource has been exhausted."), Reply.text("Fine."));
        assertThat(models.generate("scripted-gemini", ask(passing), Spend.UNMETERED)
                        .attempts())
                .extracting(Attempt::failure)
                .containsExactly("rate_limited", null);

        var lasting = ScriptedProvider.script(Reply.error(429, "RESOURCE_EXHAUSTED", "Resource has been exhausted."));
        var failure = catchThrowableOfType(
                ModelFailure.class, () -> models.stream("scripted-gemini", ask(lasting), heard, Spend.UNMETERED));
        assertThat(failure.kind()).isEqualTo(ProblemKind.RATE_LIMITED);
        assertThat(failure.attempts()).hasSize(2);
    }

    @Test
    void embeddingsKeepTheirOrderAndTakeDimensions() {
        List<float[]> together = embed(List.of("one", "two"), null);

        assertThat(together).hasSize(2);
        assertThat(together.get(1))
                .hasSize(8)
                .isEqualTo(embed(List.of("two"), null).getFirst());
        assertThat(embed(List.of("one"), 4).getFirst()).hasSize(4);
    }

    private List<Generation> bothWays(Script script) {
        return List.of(
                models.generate("scripted-gemini", ask(script), Spend.UNMETERED),
                models.stream("scripted-gemini", ask(script), heard, Spend.UNMETERED));
    }

    private List<float[]> embed(List<String> texts, @Nullable Integer dimensions) {
        return embeddings
                .embed("scripted-gemini-embedding", texts, dimensions, Spend.UNMETERED)
                .vectors();
    }

    private static Script callTwice() {
        return ScriptedProvider.script(Reply.steps(
                new Step.ToolCall(0, null, "weather", "{\"city\":\"Ulm\"}"),
                new Step.ToolCall(1, null, "weather", "{\"city\":\"Bonn\"}")));
    }

    private static List<String> ids(Generation generation) {
        return generation.response().aiMessage().toolExecutionRequests().stream()
                .map(ToolExecutionRequest::id)
                .toList();
    }

    private static ChatRequest ask(Script script) {
        return ChatRequest.builder()
                .messages(UserMessage.from("Hello " + script.marker()))
                .toolSpecifications(ToolSpecification.builder().name("weather").build())
                .build();
    }
}
