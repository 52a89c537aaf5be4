package dev.parley.chat.responses;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.ObjectMappers;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseRetrieveParams;
import com.openai.models.responses.ResponseStreamEvent;
import dev.parley.testing.Api;
import java.util.ArrayList;
import java.util.List;

/// OpenAI's own Java client, with nothing changed but base URL and key. What it gets is validated by its own schema.
///
/// @param client tries nothing twice, so that nothing is hidden
record ResponsesClient(OpenAIClient client) implements AutoCloseable {

    ResponsesClient(String key) {
        this(OpenAIOkHttpClient.builder()
                .apiKey(key)
                .baseUrl(Api.url() + "/v1")
                .maxRetries(0)
                .build());
    }

    @Override
    public void close() {
        client.close();
    }

    static ResponseCreateParams.Builder ask(String input) {
        return ResponseCreateParams.builder().model("scripted").input(input);
    }

    static ResponseInputItem output(String callId, String output) {
        return ResponseInputItem.ofFunctionCallOutput(ResponseInputItem.FunctionCallOutput.builder()
                .callId(callId)
                .output(output)
                .build());
    }

    StreamResponse<ResponseStreamEvent> open(ResponseCreateParams params) {
        return client.responses().createStreaming(params);
    }

    List<ResponseStreamEvent> stream(ResponseCreateParams params) {
        return rest(open(params));
    }

    /// What comes after an event.
    List<ResponseStreamEvent> resume(String id, long after) {
        var params = ResponseRetrieveParams.builder().startingAfter(after).build();
        return rest(client.responses().retrieveStreaming(id, params));
    }

    /// A stream from its beginning.
    List<ResponseStreamEvent> replay(String id) {
        return rest(client.responses().retrieveStreaming(id));
    }

    private static List<ResponseStreamEvent> rest(StreamResponse<ResponseStreamEvent> stream) {
        var events = new ArrayList<ResponseStreamEvent>();
        try (stream) {
            stream.stream().forEach(event -> events.add(event.validate()));
        }
        return events;
    }

    static Response accumulate(List<ResponseStreamEvent> events) {
        var accumulator = ResponseAccumulator.create();
        events.forEach(accumulator::accumulate);
        return accumulator.response().validate();
    }

    /// The client has no getter for what all events have.
    static long sequence(ResponseStreamEvent event) {
        return ObjectMappers.jsonMapper()
                .valueToTree(event)
                .path("sequence_number")
                .asLong(-1);
    }

    /// Of the pieces.
    static String text(List<ResponseStreamEvent> events) {
        var text = new StringBuilder();
        events.forEach(event -> event.outputTextDelta().ifPresent(delta -> text.append(delta.delta())));
        return text.toString();
    }

    static String text(Response response) {
        return response.output()
                .getLast()
                .asMessage()
                .content()
                .getFirst()
                .asOutputText()
                .text();
    }
}
