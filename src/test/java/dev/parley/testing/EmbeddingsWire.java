package dev.parley.testing;

import static dev.parley.testing.ScriptedProvider.JSON;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Random;

/// Embeddings: a vector made of the text's hash, of `dimensions` numbers or [#DIMENSIONS]. Of a script's steps gates
/// count.
final class EmbeddingsWire extends Wire {

    static final int DIMENSIONS = 8;

    EmbeddingsWire(JsonNode request, Reply reply) {
        super(request, reply);
    }

    @Override
    void answerSteps(HttpExchange exchange) throws IOException {
        for (Step step : reply.steps()) {
            if (step instanceof Step.Gate gate) {
                Gates.await(gate.name());
            }
        }
        JsonNode input = request.path("input");
        var body = JSON.createObjectNode()
                .put("object", "list")
                .put("model", request.path("model").asText());
        ArrayNode data = body.putArray("data");
        int dimensions = request.path("dimensions").asInt(DIMENSIONS);
        int count = input.isArray() ? input.size() : 1;
        for (int i = 0; i < count; i++) {
            String text = (input.isArray() ? input.get(i) : input).asText();
            data.addObject().put("object", "embedding").put("index", i).set("embedding", vector(text, dimensions));
        }
        body.putObject("usage").put("prompt_tokens", 3 * count).put("total_tokens", 3 * count);
        ScriptedServer.send(exchange, 200, body.toString());
    }

    static ArrayNode vector(String text, int dimensions) {
        var random = new Random(text.hashCode());
        ArrayNode vector = JSON.createArrayNode();
        for (int i = 0; i < dimensions; i++) {
            vector.add((float) random.nextGaussian());
        }
        return vector;
    }
}
