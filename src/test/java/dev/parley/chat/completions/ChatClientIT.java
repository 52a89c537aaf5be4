package dev.parley.chat.completions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.SseException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.conversations.Conversation;
import dev.parley.testing.Api;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.Step;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// OpenAI's own Java client, with nothing changed but base URL and key.
@QuarkusTest
class ChatClientIT {

    private final OpenAIClient client = client(Api.newTenant());

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void anAnswerIsRead() {
        var script = ScriptedProvider.script(Reply.text("Hello you."));

        ChatCompletion completion =
                client.chat().completions().create(user("Hi " + script.marker()).build());

        completion.validate();
        assertThat(completion.choices().getFirst().message().content()).contains("Hello you.");
        assertThat(completion.choices().getFirst().finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
        assertThat(completion.usage().orElseThrow().totalTokens()).isEqualTo(19);
        assertThat(completion._additionalProperties()).containsKey("parley");
    }

    @Test
    void aStreamIsRead() {
        var script = ScriptedProvider.script(Reply.text("Hello you there."));
        var params = user("Hi " + script.marker())
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
        var accumulator = ChatCompletionAccumulator.create();

        try (var chunks = client.chat().completions().createStreaming(params)) {
            chunks.stream().forEach(chunk -> accumulator.accumulate(chunk.validate()));
        }

        ChatCompletion completion = accumulator.chatCompletion();
        assertThat(completion.choices().getFirst().message().content()).contains("Hello you there.");
        assertThat(completion.usage().orElseThrow().completionTokens()).isEqualTo(7);
    }

    @Test
    void toolCallsGoRoundThroughTheClient() {
        var script = ScriptedProvider.script(
                Reply.steps(new Step.ToolCall(0, "call_1", "weather", "{\"city\":\"Bern\"}")), Reply.text("Sunny."));
        var params = user("Weather? " + script.marker())
                .addTool(ChatCompletionFunctionTool.builder()
                        .function(FunctionDefinition.builder().name("weather").build())
                        .build());

        ChatCompletionMessage calling = client.chat()
                .completions()
                .create(params.build())
                .choices()
                .getFirst()
                .message();
        var call = calling.toolCalls().orElseThrow().getFirst().asFunction();
        assertThat(call.function().name()).isEqualTo("weather");
        assertThat(call.function().arguments()).isEqualTo("{\"city\":\"Bern\"}");

        ChatCompletion end = client.chat()
                .completions()
                .create(params.addMessage(calling)
                        .addMessage(ChatCompletionToolMessageParam.builder()
                                .toolCallId(call.id())
                                .content("sun")
                                .build())
                        .build());
        assertThat(end.choices().getFirst().message().content()).contains("Sunny.");
    }

    @Test
    void streamedToolCallsAreAssembled() {
        var script = ScriptedProvider.script(Reply.steps(
                new Step.ToolCall(0, "call_1", "weather", "{\"city\":"),
                new Step.ToolCall(0, null, null, "\"Bern\"}")));
        var params = user("Weather? " + script.marker())
                .addTool(ChatCompletionFunctionTool.builder()
                        .function(FunctionDefinition.builder().name("weather").build())
                        .build())
                .build();
        var accumulator = ChatCompletionAccumulator.create();

        try (var chunks = client.chat().completions().createStreaming(params)) {
            chunks.stream().forEach(accumulator::accumulate);
        }

        var call = accumulator
                .chatCompletion()
                .choices()
                .getFirst()
                .message()
                .toolCalls()
                .orElseThrow()
                .getFirst();
        assertThat(call.asFunction().id()).isEqualTo("call_1");
        assertThat(call.asFunction().function().arguments()).isEqualTo("{\"city\":\"Bern\"}");
    }

    @Test
    void errorsAreTypedExceptions() {
        var params = user("Hi");
        var failing = ScriptedProvider.script(Reply.serverError());

        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() ->
                        client.chat().completions().create(params.model("nope").build()))
                .satisfies(e -> assertThat(e.code()).contains("model_not_found"));
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() ->
                        client.chat().completions().create(params.temperature(3).build()))
                .satisfies(e -> assertThat(e.param()).contains("temperature"));
        assertThatExceptionOfType(InternalServerException.class).isThrownBy(() -> client.chat()
                .completions()
                .create(user("Hi " + failing.marker()).build()));
    }

    @Test
    void aWrongKeyIsATypedException() {
        OpenAIClient stranger = client("sk-parley-wrong");

        assertThatExceptionOfType(UnauthorizedException.class)
                .isThrownBy(
                        () -> stranger.chat().completions().create(user("Hi").build()));
        stranger.close();
    }

    @Test
    void aStreamThatBreaksOffThrows() {
        var script = ScriptedProvider.script(Reply.steps(new Step.Text("Once "), new Step.Cut()));
        var params = user("Tell " + script.marker()).build();

        var failure = catchThrowableOfType(SseException.class, () -> {
            try (var chunks = client.chat().completions().createStreaming(params)) {
                chunks.stream().forEach(chunk -> {});
            }
        });

        assertThat(failure.type()).contains("server_error");
    }

    @Test
    void conversationsAreMadeReadAndDeleted() {
        Conversation conversation = client.conversations().create();
        var script = ScriptedProvider.script(Reply.text("Hello you."));
        client.chat()
                .completions()
                .create(user("Hi " + script.marker())
                        .putAdditionalBodyProperty("parley", JsonValue.from(Map.of("conversation", conversation.id())))
                        .build());

        var items = client.conversations().items().list(conversation.id()).items();

        assertThat(items).hasSize(2);
        assertThat(items.getFirst()
                        .asMessage()
                        .content()
                        .getFirst()
                        .asOutputText()
                        .text())
                .isEqualTo("Hello you.");
        assertThat(client.conversations().delete(conversation.id()).deleted()).isTrue();
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> client.conversations().retrieve(conversation.id()));
    }

    private static ChatCompletionCreateParams.Builder user(String text) {
        return ChatCompletionCreateParams.builder().model("scripted").addUserMessage(text);
    }

    private static OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .apiKey(key)
                .baseUrl(Api.url() + "/v1")
                .maxRetries(0)
                .build();
    }
}
