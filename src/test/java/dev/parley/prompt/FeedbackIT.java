package dev.parley.prompt;

import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.parley.testing.Api;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class FeedbackIT {

    private final TestPrompts prompts = TestPrompts.create();
    private final ScriptedProvider.Script script = ScriptedProvider.script(Reply.text("Hello you."));
    private final String prompt = prompts.made("rated", "scripted-alone", "Be kind. " + script.marker());

    private String response() {
        return prompts.author("{'input': 'Hi.', 'prompt': {'id': 'rated', 'version': '1'}}")
                .post("/v1/responses")
                .then()
                .statusCode(200)
                .extract()
                .path("id");
    }

    private ValidatableResponse rate(String answer, String json) {
        return prompts.author(json)
                .post("/v1/responses/%s/feedback".formatted(answer))
                .then();
    }

    private ValidatableResponse counts() {
        return prompts.author()
                .get("/v1/prompts/rated/versions/1/feedback")
                .then()
                .statusCode(200);
    }

    @Test
    void opinionsOnAnswersCountForTheVersionThatLedToThem() {
        String response = response();
        String completion = prompts.author("{'messages': [{'role': 'user', 'content': 'Hi.'}],"
                        + " 'parley': {'prompt': {'id': 'rated', 'version': 1}}}")
                .post("/v1/chat/completions")
                .path("id");
        counts().body("total", equalTo(0)).body("average_score", nullValue());

        rate(response, "{'rating': 'up', 'comment': 'Good.', 'labels': ['helpful']}")
                .statusCode(200)
                .body("object", equalTo("response.feedback"))
                .body("response_id", equalTo(response))
                .body("rating", equalTo("up"))
                .body("score", equalTo(1.0f))
                .body("comment", equalTo("Good."))
                .body("labels", contains("helpful"))
                .body("created_by", startsWith("key_"))
                .body("user", nullValue())
                .body("prompt.id", equalTo(prompt))
                .body("prompt.version", equalTo(1));
        rate(completion, "{'score': -0.5, 'user': 'ann', 'labels': ['helpful', 'slow']}")
                .statusCode(200)
                .body("rating", equalTo("down"))
                .body("user", equalTo("ann"));

        counts().body("prompt_id", equalTo(prompt))
                .body("total", equalTo(2))
                .body("up", equalTo(1))
                .body("down", equalTo(1))
                .body("average_score", equalTo(0.25f))
                .body("labels.helpful", equalTo(2))
                .body("labels.slow", equalTo(1));
    }

    @Test
    void oneCallerAndUserHasOneOpinion() {
        String response = response();
        rate(response, "{'rating': 'up'}").statusCode(200);
        rate(response, "{'rating': 'down'}").statusCode(200);
        rate(response, "{'rating': 'up', 'user': 'ann'}").statusCode(200);
        String bound = TestPrompts.key(prompts.tenant(), Map.of("scopes", List.of("chat"), "user", "eve"));
        Api.as(bound)
                .body("{\"rating\": \"up\", \"user\": \"ann\"}")
                .post("/v1/responses/%s/feedback".formatted(response))
                .then()
                .body("user", equalTo("eve"));

        counts().body("total", equalTo(3)).body("up", equalTo(2)).body("down", equalTo(1));
        prompts.author()
                .delete("/v1/responses/%s/feedback?user=ann".formatted(response))
                .then()
                .statusCode(200);
        prompts.author()
                .delete("/v1/responses/%s/feedback?user=ann".formatted(response))
                .then()
                .statusCode(404);
        counts().body("total", equalTo(2));
    }

    @Test
    void anAnswerWithoutAPromptCanBeRatedToo() {
        String response = prompts.author("{'model': 'scripted-alone', 'input': 'Hi.'}")
                .post("/v1/responses")
                .path("id");

        rate(response, "{'score': 0}")
                .statusCode(200)
                .body("rating", nullValue())
                .body("prompt", nullValue());
    }

    @Test
    void whatIsNotThereCannotBeRated() {
        String response = response();
        String others = TestPrompts.create().authorKey();

        Api.as(others)
                .body("{\"rating\": \"up\"}")
                .post("/v1/responses/%s/feedback".formatted(response))
                .then()
                .statusCode(404);
        rate("resp_" + "0".repeat(32), "{'rating': 'up'}").statusCode(404);
        rate("chatcmpl-" + response.substring("resp_".length()), "{'rating': 'up'}")
                .statusCode(404);
        rate("nonsense", "{'rating': 'up'}").statusCode(404);
        prompts.author().delete("/v1/responses/" + response).then().statusCode(200);
        rate(response, "{'rating': 'up'}").statusCode(404);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            {} | rating
            {'rating': 'meh'} | rating
            {'score': 2} | score
            {'rating': 'up', 'score': 1} | score
            {'rating': 'up', 'labels': ['a b']} | labels[0]
            {'rating': 'up', 'stars': 5} | stars
            """)
    void whatIsNoOpinionIsRefused(String json, String param) {
        rate(response(), json).statusCode(400).body("error.param", equalTo(param));
    }
}
