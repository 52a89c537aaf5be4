package dev.parley.chat.responses;

import static dev.parley.chat.responses.ResponsesClient.accumulate;
import static dev.parley.chat.responses.ResponsesClient.ask;
import static dev.parley.chat.responses.ResponsesClient.output;
import static dev.parley.chat.responses.ResponsesClient.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseStreamEvent;
import dev.parley.testing.Api;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.Step;
import dev.parley.testing.TestStore;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Responses in the hands of OpenAI's own Java client.
@QuarkusTest
class ResponsesClientIT {

    private final String key = Api.newTenant();
    private final ResponsesClient openai = new ResponsesClient(key);
    private final OpenAIClient client = openai.client();

    @AfterEach
    void close() {
        openai.close();
    }

    @Test
    void aResponseIsReadFetchedAndDeleted() {
        var script = ScriptedProvider.script(Reply.text("Hello you."));

        Response response =
                client.responses().create(ask("Hi " + script.marker()).build());

        response.validate();
        assertThat(text(response)).isEqualTo("Hello you.");
        assertThat(response.usage().orElseThrow().totalTokens()).isEqualTo(19);
        assertThat(client.responses().retrieve(response.id())).isEqualTo(response);
        var items = client.responses().inputItems().list(response.id()).items();
        assertThat(items).hasSize(1);
        assertThat(items.getFirst()
                        .responseInputMessageItem()
                        .orElseThrow()
                        .content()
                        .getFirst()
                        .asInputText()
                        .text())
                .startsWith("Hi ");
        client.responses().delete(response.id());
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> client.responses().retrieve(response.id()));
    }

    @Test
    void aStreamIsAccumulated() {
        var script = ScriptedProvider.script(Reply.text("Hello you there."));

        Response response =
                accumulate(openai.stream(ask("Hi " + script.marker()).build()));

        assertThat(text(response)).isEqualTo("Hello you there.");
        assertThat(client.responses().retrieve(response.id())).isEqualTo(response);
    }

    @Test
    void aStreamIsResumed() {
        var script = ScriptedProvider.script(Reply.text("Hello you there."));
        List<ResponseStreamEvent> whole =
                openai.stream(ask("Hi " + script.marker()).build());
        String id = whole.getFirst().created().orElseThrow().response().id();

        assertThat(openai.resume(id, 3)).isEqualTo(whole.subList(4, whole.size()));
    }

    @Test
    void toolCallsGoRoundByThePreviousResponse() {
        var script = ScriptedProvider.script(
                Reply.steps(new Step.ToolCall(0, "call_1", "weather", "{\"city\":\"Bern\"}")), Reply.text("Sunny."));
        Response calling = client.responses()
                .create(ask("Weather? " + script.marker()).addTool(weather()).build());
        ResponseFunctionToolCall call = calling.output().getFirst().asFunctionCall();
        calling.validate();

        Response end = client.responses()
                .create(ResponseCreateParams.builder()
                        .model("scripted")
                        .previousResponseId(calling.id())
                        .inputOfResponse(List.of(output(call.callId(), "sun")))
                        .build());

        assertThat(call.arguments()).isEqualTo("{\"city\":\"Bern\"}");
        assertThat(text(end)).isEqualTo("Sunny.");
    }

    @Test
    void anAnswerIsSentBackAsItCame() {
        var script = ScriptedProvider.script(
                Reply.steps(new Step.ToolCall(0, "call_1", "weather", "{}")), Reply.text("Sunny."));
        String question = "Weather? " + script.marker();
        Response calling =
                accumulate(openai.stream(ask(question).addTool(weather()).build()));
        ResponseFunctionToolCall call = calling.output().getFirst().asFunctionCall();

        Response end = client.responses()
                .create(ask("").inputOfResponse(List.of(
                                ResponseInputItem.ofEasyInputMessage(EasyInputMessage.builder()
                                        .role(EasyInputMessage.Role.USER)
                                        .content(question)
                                        .build()),
                                ResponseInputItem.ofFunctionCall(call),
                                output(call.callId(), "sun")))
                        .build());

        assertThat(text(end)).isEqualTo("Sunny.");
    }

    @Test
    void passagesAreCitedAndShownWhenAskedFor() {
        TestStore store = TestStore.create(key);
        store.add("warranty.md", "The warranty lasts three years.".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        store.awaitCompleted(1);
        var script = ScriptedProvider.script(Reply.text("Three years [1]."));
        var params = ask("How long is the warranty? " + script.marker())
                .putAdditionalBodyProperty(
                        "tools",
                        JsonValue.from(
                                List.of(Map.of("type", "file_search", "vector_store_ids", List.of(store.id())))));

        Response whole = client.responses().create(params.build());
        Response streamed = accumulate(openai.stream(
                params.putAdditionalBodyProperty("include", JsonValue.from(List.of("file_search_call.results")))
                        .build()));

        for (Response response : List.of(whole, streamed)) {
            response.validate();
            var annotation = response.output()
                    .getLast()
                    .asMessage()
                    .content()
                    .getFirst()
                    .asOutputText()
                    .annotations()
                    .getFirst()
                    .asFileCitation();
            assertThat(annotation.filename()).isEqualTo("warranty.md");
            assertThat(annotation.index()).isEqualTo(12);
        }
        assertThat(whole.output().getFirst().asFileSearchCall().results()).isEmpty();
        assertThat(streamed.output()
                        .getFirst()
                        .asFileSearchCall()
                        .results()
                        .orElseThrow()
                        .getFirst()
                        .text())
                .contains("The warranty lasts three years.");
    }

    @Test
    void errorsAreTypedExceptions() {
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> client.responses()
                        .create(ask("Hi").previousResponseId("resp_1").build()))
                .satisfies(e -> assertThat(e.code()).contains("previous_response_not_found"));
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(
                        () -> client.responses().create(ask("Hi").model("nope").build()))
                .satisfies(e -> assertThat(e.code()).contains("model_not_found"));
    }

    private static FunctionTool weather() {
        return FunctionTool.builder()
                .name("weather")
                .parameters(FunctionTool.Parameters.builder()
                        .putAdditionalProperty("type", JsonValue.from("object"))
                        .build())
                .strict(false)
                .build();
    }
}
