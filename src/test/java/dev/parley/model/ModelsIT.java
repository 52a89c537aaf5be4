package dev.parley.model;

import static dev.parley.testing.Api.anonymous;
import static dev.parley.testing.Api.asDeveloper;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.NotFoundException;
import com.openai.models.embeddings.EmbeddingCreateParams;
import dev.parley.testing.Api;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ModelsIT {

    private final OpenAIClient openai = OpenAIOkHttpClient.builder()
            .baseUrl(Api.url() + "/v1")
            .apiKey(Api.DEVELOPMENT_KEY)
            .build();

    @Test
    void theListHoldsWhatCanBeUsedAndNothingElse() {
        asDeveloper()
                .get("/v1/models")
                .then()
                .statusCode(200)
                .body("object", equalTo("list"))
                .body("data.id", hasItems("extractive", "bge-small-en-v1.5", "scripted"))
                .body("data.id", not(hasItem("scripted-keyless")))
                .body("data.id", not(hasItem("gpt-5.1")));
        anonymous().get("/v1/models").then().statusCode(401);
    }

    @Test
    void oneModelIsShownByItsAlias() {
        asDeveloper()
                .get("/v1/models/bge-small-en-v1.5")
                .then()
                .statusCode(200)
                .body("object", equalTo("model"))
                .body("owned_by", equalTo("onnx"));
        for (String missing : List.of("nope", "scripted-keyless", "vendor/nope")) {
            asDeveloper()
                    .get("/v1/models/" + missing)
                    .then()
                    .statusCode(404)
                    .body("error.code", equalTo("model_not_found"));
        }
    }

    @Test
    void embeddingsKeepTheOrderOfTheirInputsOverBatches() {
        List<String> texts =
                Stream.iterate(0, i -> i + 1).limit(8).map(i -> "text " + i).toList();
        List<List<Float>> together = embed("scripted-embedding", texts);

        for (int i = 0; i < texts.size(); i++) {
            assertThat(embed("scripted-embedding", List.of(texts.get(i))).getFirst())
                    .isEqualTo(together.get(i));
        }
    }

    @Test
    void theOfficialClientReadsBase64AndFloatsAlike() {
        var params = EmbeddingCreateParams.builder().model("scripted-embedding").input("Hello");
        var byDefault = openai.embeddings().create(params.build());
        var base64 = openai.embeddings()
                .create(params.encodingFormat(EmbeddingCreateParams.EncodingFormat.BASE64)
                        .build());
        var floats = openai.embeddings()
                .create(params.encodingFormat(EmbeddingCreateParams.EncodingFormat.FLOAT)
                        .build());

        List<Float> vector = floats.data().getFirst().embedding();
        assertThat(vector).hasSize(8);
        assertThat(base64.data().getFirst().embedding()).isEqualTo(vector);
        assertThat(byDefault.data().getFirst().embedding()).isEqualTo(vector);
        assertThat(length(vector)).isCloseTo(1, within(1e-5));
        assertThat(floats.usage().promptTokens()).isPositive();
    }

    @Test
    void theOfficialClientListsModelsAndGetsTypedErrors() {
        assertThat(openai.models().list().data())
                .extracting(model -> model.id())
                .contains("extractive");
        assertThat(openai.models().retrieve("extractive").id()).isEqualTo("extractive");
        assertThatThrownBy(() -> openai.models().retrieve("nope")).isInstanceOf(NotFoundException.class);
    }

    @Test
    void fewerDimensionsComeWhereTheModelSupportsThem() {
        asDeveloper()
                .body(Map.of("model", "scripted-embedding", "input", "Hello", "dimensions", 4))
                .post("/v1/embeddings")
                .then()
                .statusCode(200)
                .body("data[0].embedding", hasSize(4));
        refused(Map.of("model", "scripted-embedding", "input", "Hello", "dimensions", 9), "dimensions");
        refused(Map.of("model", "hash-384", "input", "Hello", "dimensions", 4), "dimensions");
    }

    @Test
    void aBadRequestNamesItsParameter() {
        refused(Map.of("input", "Hello"), "model");
        refused(Map.of("model", "hash-384"), "input");
        refused(Map.of("model", "hash-384", "input", ""), "input");
        refused(Map.of("model", "hash-384", "input", List.of()), "input");
        refused(Map.of("model", "hash-384", "input", List.of("a", "")), "input[1]");
        refused(Map.of("model", "hash-384", "input", List.of(1, 100_300)), "input");
        refused(Map.of("model", "hash-384", "input", List.of(1, -1)), "input");
        refused(Map.of("model", "hash-384", "input", List.of(1, "a")), "input");
        refused(Map.of("model", "hash-384", "input", List.of(1.5)), "input");
        refused(Map.of("model", "hash-384", "input", List.of(List.of(1), List.of(100_300))), "input[1]");
        refused(Map.of("model", "hash-384", "input", List.of("a", List.of())), "input[1]");
        refused(Map.of("model", "hash-384", "input", "a", "encoding_format", "hex"), "encoding_format");
        refused(
                Map.of("model", "hash-384", "input", new ArrayList<>(java.util.Collections.nCopies(2049, "a"))),
                "input");
    }

    @Test
    void tokensAreEmbeddedAsTheirText() {
        List<String> texts = List.of("A parcel, grün 🚲", "a letter");
        Encoding encoding = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.CL100K_BASE);
        List<List<Long>> tokens = texts.stream()
                .map(text -> encoding.encodeOrdinary(text).boxed().stream()
                        .map(Integer::longValue)
                        .toList())
                .toList();
        var request = EmbeddingCreateParams.builder().model("hash-384");

        assertThat(vectors(request.inputOfArrayOfTokenArrays(tokens))).isEqualTo(embed("hash-384", texts));
        assertThat(vectors(request.inputOfArrayOfTokens(tokens.getFirst())))
                .isEqualTo(embed("hash-384", texts.subList(0, 1)));
    }

    @Test
    void aTextThatIsTooLongIsRefusedAndNotCut() {
        asDeveloper()
                .body(Map.of("model", "hash-384", "input", List.of("short", "word ".repeat(600))))
                .post("/v1/embeddings")
                .then()
                .statusCode(400)
                .body("error.code", equalTo("context_length_exceeded"))
                .body("error.message", containsString("at most 510"));
    }

    @Test
    void chatModelsDoNotEmbed() {
        asDeveloper()
                .body(Map.of("model", "extractive", "input", "a"))
                .post("/v1/embeddings")
                .then()
                .statusCode(404)
                .body("error.code", equalTo("model_not_found"));
    }

    private void refused(Map<String, ?> body, String param) {
        asDeveloper().body(body).post("/v1/embeddings").then().statusCode(400).body("error.param", equalTo(param));
    }

    private List<List<Float>> embed(String model, List<String> texts) {
        return vectors(EmbeddingCreateParams.builder().model(model).inputOfArrayOfStrings(texts));
    }

    private List<List<Float>> vectors(EmbeddingCreateParams.Builder request) {
        return openai.embeddings().create(request.build()).data().stream()
                .map(each -> each.embedding())
                .toList();
    }

    private static double length(List<Float> vector) {
        return Math.sqrt(vector.stream().mapToDouble(value -> value * value).sum());
    }
}
