package dev.parley.chat.embeddings;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.model.Embeddings;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;

/// OpenAI's answer to an embeddings request.
@RegisterForReflection
record EmbeddingsAnswer(String object, List<Item> data, String model, Usage usage) {

    /// @param embedding an array of numbers or base64 of little-endian 32-bit floats
    @RegisterForReflection
    record Item(String object, int index, Object embedding) {}

    @RegisterForReflection
    record Usage(
            @JsonProperty("prompt_tokens") int promptTokens,
            @JsonProperty("total_tokens") int totalTokens) {}

    static EmbeddingsAnswer of(String model, Embeddings embeddings, boolean base64) {
        List<float[]> vectors = embeddings.vectors();
        List<Item> items = IntStream.range(0, vectors.size())
                .mapToObj(i -> new Item("embedding", i, base64 ? base64(vectors.get(i)) : (Object) vectors.get(i)))
                .toList();
        return new EmbeddingsAnswer(
                "list", items, model, new Usage(embeddings.promptTokens(), embeddings.promptTokens()));
    }

    private static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
