package dev.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Images in what users say.
@QuarkusTest
class ImagesIT {

    private static final String PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=";

    private final TestTenant tenant = TestTenant.create();

    private ValidatableResponse complete(String model, String text, String url) {
        return tenant.request()
                .body(Map.of(
                        "model",
                        model,
                        "messages",
                        List.of(Map.of(
                                "role",
                                "user",
                                "content",
                                List.of(
                                        Map.of("type", "text", "text", text),
                                        Map.of(
                                                "type",
                                                "image_url",
                                                "image_url",
                                                Map.of("url", url, "detail", "low")))))))
                .post("/v1/chat/completions")
                .then();
    }

    private ValidatableResponse respond(Map<String, ?> more, String text, String url) {
        var body = new HashMap<String, Object>(Map.of(
                "model",
                "priced-alone",
                "input",
                List.of(Map.of(
                        "role",
                        "user",
                        "content",
                        List.of(
                                Map.of("type", "input_image", "image_url", url),
                                Map.of("type", "input_text", "text", text))))));
        body.putAll(more);
        return tenant.request().body(body).post("/v1/responses").then();
    }

    @Test
    void anImageReachesTheModelInItsPlace() {
        var script = ScriptedProvider.script(Reply.text("A pixel."));

        complete("priced-alone", "What is this? " + script.marker(), PIXEL).statusCode(200);

        JsonNode content = script.requests().getFirst().body().at("/messages/0/content");
        assertThat(content.at("/0/type").asText()).isEqualTo("text");
        assertThat(content.at("/1/image_url/url").asText()).isEqualTo(PIXEL);
        assertThat(content.at("/1/image_url/detail").asText()).isEqualTo("low");
    }

    @Test
    void anAddressIsLeftToTheProvider() {
        var script = ScriptedProvider.script(Reply.text("A cat."));

        respond(Map.of(), "What is this? " + script.marker(), "https://example.com/cat.png")
                .statusCode(200);

        JsonNode content = script.requests().getFirst().body().at("/messages/0/content");
        assertThat(content.at("/0/image_url/url").asText()).isEqualTo("https://example.com/cat.png");
        assertThat(content.at("/1/type").asText()).isEqualTo("text");
    }

    @Test
    void aModelThatCannotSeeIsNotAsked() {
        var script = ScriptedProvider.script(Reply.text("Never."));

        complete("scripted-plain", "Look " + script.marker(), PIXEL)
                .statusCode(400)
                .body("error.message", containsString("scripted-plain"));

        assertThat(script.requests()).isEmpty();
    }

    @Test
    void laterTurnsKnowThatThereWasAnImage() {
        var script = ScriptedProvider.script(Reply.text("A pixel."), Reply.text("As I said."));
        String first = respond(Map.of(), "What is this? " + script.marker(), PIXEL)
                .extract()
                .path("id");

        tenant.request()
                .body(Map.of("model", "priced-alone", "previous_response_id", first, "input", "Sure?"))
                .post("/v1/responses")
                .then()
                .statusCode(200);

        assertThat(script.requests().getLast().message(0)).startsWith("[image]\nWhat is this?");
    }

    @ParameterizedTest
    @CsvSource({
        "http://example.com/cat.png",
        "file:///etc/passwd",
        "'data:image/svg+xml;base64,AAAA'",
        "'data:image/png;base64,not base64'",
        "'data:image/png;base64,'",
        "cat.png"
    })
    void whatIsNoImageIsRefusedByName(String url) {
        complete("priced-alone", "Look", url)
                .statusCode(400)
                .body("error.param", equalTo("messages[0].content[1].image_url.url"));
        respond(Map.of(), "Look", url).statusCode(400).body("error.param", equalTo("input[0].content[0].image_url"));
    }

    @Test
    void aProviderThatFetchesNothingSaysSo() {
        complete("scripted-gemini", "Look", "https://example.com/cat.png").statusCode(400);
    }
}
