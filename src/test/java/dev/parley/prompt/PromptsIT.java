package dev.parley.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.Api;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `/v1/prompts` as those use it who write prompts.
@QuarkusTest
class PromptsIT {

    private static final String HELLO =
            "{'messages': [{'role': 'system', 'content': 'Greet {{who}}.\\nBe %s.'}], 'variables': {'who': {}},"
                    + " 'model': 'scripted', 'settings': {'temperature': %s}, 'note': '%s'}";

    @Inject
    Transactions transactions;

    private final TestPrompts prompts = TestPrompts.create();

    private ValidatableResponse get(String path) {
        return prompts.author().get(path).then();
    }

    private ValidatableResponse post(String path, String json) {
        return prompts.author(json).post(path).then();
    }

    @Test
    void aPromptBeginsWithItsFirstVersion() {
        String id = post(
                        "/v1/prompts",
                        "{'name': 'greeting', 'note': 'A start.', 'model': 'scripted', 'tools': ['b', 'a'],"
                                + " 'messages': [{'role': 'developer', 'content': 'Speak {{language}}.'}],"
                                + " 'variables': {'language': {'type': 'enum', 'values': ['de', 'en'], 'default': 'en'}},"
                                + " 'settings': {'temperature': 0.5, 'stop': ['END']},"
                                + " 'knowledge': {'vector_store_ids': ['vs_1'], 'max_num_results': 3}}")
                .statusCode(200)
                .body("id", matchesPattern("prompt_[0-9a-f]{32}"))
                .body("object", equalTo("prompt"))
                .body("name", equalTo("greeting"))
                .body("latest_version", equalTo(1))
                .body("labels", aMapWithSize(0))
                .body("archived", equalTo(false))
                .body("created_by", startsWith("key_"))
                .extract()
                .path("id");

        for (String named : List.of(id, "greeting")) {
            get("/v1/prompts/%s/versions/1".formatted(named))
                    .statusCode(200)
                    .body("object", equalTo("prompt.version"))
                    .body("prompt_id", equalTo(id))
                    .body("version", equalTo(1))
                    .body("note", equalTo("A start."))
                    .body("model", equalTo("scripted"))
                    .body("messages[0].role", equalTo("developer"))
                    .body("messages[0].content", equalTo("Speak {{language}}."))
                    .body("variables.language.type", equalTo("enum"))
                    .body("variables.language.required", equalTo(false))
                    .body("variables.language.default", equalTo("en"))
                    .body("settings.temperature", equalTo(0.5f))
                    .body("settings.stop", contains("END"))
                    .body("tools", contains("a", "b"))
                    .body("knowledge.max_num_results", equalTo(3))
                    .body("created_by", startsWith("key_"));
        }
        post("/v1/prompts", "{'name': 'greeting'}").statusCode(409).body("error.code", equalTo("prompt_exists"));
    }

    @Test
    void anEmptyPromptGetsItsVersionsLaterAndThePagesShowThem() {
        String id = post("/v1/prompts", "{'name': 'later'}")
                .body("latest_version", equalTo(0))
                .extract()
                .path("id");
        String path = "/v1/prompts/%s/versions".formatted(id);
        for (int i = 1; i <= 3; i++) {
            post(path, HELLO.formatted("kind", i / 10.0, "No " + i))
                    .statusCode(200)
                    .body("version", equalTo(i));
        }

        get(path + "?limit=2").body("data.version", contains(3, 2)).body("has_more", equalTo(true));
        get(path + "?limit=2&after=2").body("data.version", contains(1)).body("has_more", equalTo(false));
        get(path + "?order=asc").body("data.note", contains("No 1", "No 2", "No 3"));
        get("/v1/prompts").body("data.name", contains("later")).body("data[0].latest_version", equalTo(3));
    }

    @Test
    void theSameContentIsTheSameVersion() {
        String id = post("/v1/prompts", "{'name': 'same'}").extract().path("id");
        String path = "/v1/prompts/%s/versions".formatted(id);
        post(path, HELLO.formatted("kind", "0.1", "Why")).body("version", equalTo(1));
        long revision = prompts.author().get("/v1/prompts/same").jsonPath().getLong("revision");

        post(path, HELLO.formatted("kind", "0.1", "Again"))
                .statusCode(200)
                .body("version", equalTo(1))
                .body("note", equalTo("Why"));
        post(path, HELLO.formatted("kind", "0.2", "Else")).body("version", equalTo(2));
        post(path, HELLO.formatted("kind", "0.1", "Back")).body("version", equalTo(3));

        assertThat(prompts.author().get("/v1/prompts/same").jsonPath().getLong("revision"))
                .isEqualTo(revision + 2);
    }

    @Test
    void numbersHaveNoGapsHoweverManyWriteAtOnce() throws Exception {
        String id = post("/v1/prompts", "{'name': 'busy'}").extract().path("id");
        try (var writers = Executors.newFixedThreadPool(8)) {
            List<Callable<Integer>> writes = IntStream.range(0, 40)
                    .<Callable<Integer>>mapToObj(i -> () -> prompts.version(id, HELLO.formatted("kind", i / 100.0, "")))
                    .toList();
            List<Integer> numbers = writers.invokeAll(writes).stream()
                    .map(each -> each.resultNow())
                    .toList();
            assertThat(numbers)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.rangeClosed(1, 40).boxed().toList());
        }
        get("/v1/prompts/busy").body("latest_version", equalTo(40));
    }

    @Test
    void whoWritesWithAnExpectationIsToldWhenItFails() {
        String id = post("/v1/prompts", "{'name': 'guarded'}").extract().path("id");
        long seen = prompts.author().get("/v1/prompts/" + id).jsonPath().getLong("revision");
        String expecting = "{'messages': [{'role': 'user', 'content': '%s'}], 'expected_revision': %d}";
        post("/v1/prompts/guarded/versions", expecting.formatted("a", seen)).statusCode(200);

        post("/v1/prompts/guarded/versions", expecting.formatted("b", seen))
                .statusCode(409)
                .body("error.code", equalTo("prompt_changed"));
        prompts.move(id, "production", "{'version': 1, 'expected_revision': %d}".formatted(seen))
                .statusCode(409);
        prompts.move(id, "production", "{'version': 1, 'expected_revision': %d}".formatted(seen + 1))
                .statusCode(200)
                .body("revision", equalTo((int) seen + 2));
    }

    @Test
    void noVersionEverChanges() {
        prompts.made("fixed", "scripted", "Be kind.");
        for (String change : List.of("UPDATE prompt_versions SET number = 2", "DELETE FROM prompt_versions")) {
            assertThatThrownBy(() ->
                            transactions.inTenant(prompts.tenant().id(), connection -> Sql.update(connection, change)))
                    .hasMessageContaining("permission denied");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            {} | messages
            {'messages': []} | messages
            {'messages': [{'role': 'tool', 'content': 'a'}]} | messages[0].role
            {'messages': [{'role': 'user', 'content': ' '}]} | messages[0].content
            {'messages': [{'role': 'user', 'content': '{{x}}'}]} | messages[0].content
            {'messages': [{'role': 'user', 'content': 'a'}], 'variables': {'1x': {}}} | variables
            {'messages': [{'role': 'user', 'content': 'a'}], 'variables': {'x': {'type': 'date'}}} | variables.x.type
            {'messages': [{'role': 'user', 'content': 'a'}], 'variables': {'x': {'type': 'enum'}}} | variables.x.values
            {'messages': [{'role': 'user', 'content': 'a'}], 'variables': {'x': {'type': 'integer', 'default': 'a'}}} | variables.x.default
            {'messages': [{'role': 'user', 'content': 'a'}], 'settings': {'temperature': 3}} | settings.temperature
            {'messages': [{'role': 'user', 'content': 'a'}], 'settings': {'heat': 3}} | settings.heat
            {'messages': [{'role': 'user', 'content': 'a'}], 'settings': {'response_format': {'type': 'xml'}}} | settings.response_format.type
            {'messages': [{'role': 'user', 'content': 'a'}], 'knowledge': {}} | knowledge.vector_store_ids
            {'messages': [{'role': 'user', 'content': 'a'}], 'tools': 'a'} | tools
            """)
    void whatIsWrongWithAVersionIsNamed(String json, String param) {
        post("/v1/prompts/preview", json).statusCode(400).body("error.param", equalTo(param));
    }

    @Test
    void aModelThatDoesNotExistIsRefused() {
        post("/v1/prompts/preview", "{'messages': [{'role': 'user', 'content': 'a'}], 'model': 'nobody'}")
                .statusCode(404)
                .body("error.code", equalTo("model_not_found"));
    }

    @Test
    void aPreviewShowsTheContentAndWritesNothing() {
        post("/v1/prompts/preview", "{'messages': [{'role': 'user', 'content': 'a'}], 'tools': ['b', 'a', 'b']}")
                .statusCode(200)
                .body("tools", contains("a", "b"));
        get("/v1/prompts").body("data", empty());
    }

    @Test
    void twoVersionsAreComparedFieldByField() {
        post("/v1/prompts", "{'name': 'compared'}").statusCode(200);
        post("/v1/prompts/compared/versions", HELLO.formatted("kind", "0.1", ""));
        post("/v1/prompts/compared/versions", HELLO.formatted("brief", "0.2", ""));

        get("/v1/prompts/compared/diff?from=1&to=2")
                .statusCode(200)
                .body("changes.path", contains("messages[0].content", "settings.temperature"))
                .body("changes[0].diff", containsString(" Greet {{who}}.\n-Be kind.\n+Be brief."))
                .body("changes[1].from", equalTo(0.1f))
                .body("changes[1].to", equalTo(0.2f))
                .body("changes[1].diff", nullValue());
        get("/v1/prompts/compared/diff?from=1&to=1").body("changes", empty());
        get("/v1/prompts/compared/diff?from=1").statusCode(400).body("error.param", equalTo("to"));
        get("/v1/prompts/compared/diff?from=1&to=3")
                .statusCode(404)
                .body("error.message", containsString("versions 1 to 2"));
    }

    @Test
    void aLabelMovesAndItsHistorySaysWhoMovedItAndWhy() {
        String id = prompts.made("moved", "scripted", "Be kind.");
        prompts.version(id, "{'messages': [{'role': 'system', 'content': 'Be brief.'}]}");
        prompts.move(id, "production", "{'version': 1, 'note': 'First.'}")
                .statusCode(200)
                .body("version", equalTo(1))
                .body("protected", equalTo(true));
        prompts.move(id, "production", "{'version': 1, 'note': 'Nothing new.'}").statusCode(200);
        prompts.move(
                        id,
                        "production",
                        "{'split': [{'version': 1, 'percent': 87.5}, {'version': 2, 'percent': 12.5}], 'sticky': 'user',"
                                + " 'note': 'Try it.'}")
                .statusCode(200)
                .body("version", nullValue())
                .body("split.version", contains(1, 2))
                .body("split.percent", contains(87.5f, 12.5f))
                .body("sticky", equalTo("user"));
        prompts.releaser().delete("/v1/prompts/moved/labels/production").then().statusCode(200);

        get("/v1/prompts/moved/labels/production/history")
                .statusCode(200)
                .body("data", hasSize(3))
                .body("data[0].target", nullValue())
                .body("data[1].note", equalTo("Try it."))
                .body("data[1].target.split", hasSize(2))
                .body("data[2].note", equalTo("First."))
                .body("data[2].target.version", equalTo(1))
                .body("data.changed_by.flatten()", not(empty()));
        get("/v1/prompts/moved/labels/production").statusCode(404);
        get("/v1/prompts/moved").body("labels", aMapWithSize(0));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            {} | version
            {'version': 0} | version
            {'version': 1, 'split': []} | split
            {'split': [{'version': 1, 'percent': 99.99}]} | split
            {'split': [{'version': 1, 'percent': 50}, {'version': 1, 'percent': 50}]} | split[1].version
            {'split': [{'version': 1, 'percent': 33.333}]} | split[0].percent
            {'version': 1, 'sticky': 'moon'} | sticky
            """)
    void aLabelThatPointsNowhereIsRefused(String json, String param) {
        String id = prompts.made("nowhere", "scripted", "Be kind.");
        prompts.move(id, "staging", json).statusCode(400).body("error.param", equalTo(param));
        prompts.move(id, "staging", "{'version': 2}")
                .statusCode(404)
                .body("error.code", equalTo("prompt_version_not_found"))
                .body("error.message", containsString("versions 1 to 1"));
    }

    @Test
    void aProtectedLabelNeedsItsScope() {
        String id = prompts.made("guarded", "scripted", "Be kind.");
        String production = "/v1/prompts/guarded/labels/production";
        String staging = "/v1/prompts/guarded/labels/staging";
        String releaserOnly = TestPrompts.key(prompts.tenant(), Map.of("scopes", List.of("chat", "prompts:release")));

        prompts.author("{'version': 1}")
                .put(production)
                .then()
                .statusCode(403)
                .body("error.message", containsString("prompts:release"));
        prompts.author("{'version': 1}").put(staging).then().statusCode(200).body("protected", equalTo(false));
        prompts.author("{'version': 1, 'protected': true}").put(staging).then().statusCode(403);
        prompts.releaser("{'version': 1}").put(production).then().statusCode(200);
        prompts.author().delete(production).then().statusCode(403);
        prompts.author().delete("/v1/prompts/" + id).then().statusCode(403);
        Api.as(releaserOnly).body("{\"version\": 1}").put(staging).then().statusCode(403);
        Api.as(releaserOnly).body("{\"version\": 1}").post("/v1/prompts").then().statusCode(403);
        prompts.releaser("{'version': 1, 'protected': true}")
                .put(staging)
                .then()
                .statusCode(200);
        prompts.author().delete(staging).then().statusCode(403);
    }

    @Test
    void anArchivedPromptFreesItsNameAndIsStillKnownByItsId() {
        String id = prompts.made("gone", "scripted", "Be kind.");
        prompts.author().delete("/v1/prompts/gone").then().statusCode(200).body("deleted", equalTo(true));

        get("/v1/prompts/gone").statusCode(404);
        get("/v1/prompts/" + id).statusCode(200).body("archived", equalTo(true));
        get("/v1/prompts/%s/versions/1".formatted(id)).statusCode(200);
        get("/v1/prompts").body("data", empty());
        post("/v1/prompts/%s/versions".formatted(id), "{'messages': [{'role': 'user', 'content': 'a'}]}")
                .statusCode(404);
        prompts.move(id, "staging", "{'version': 1}").statusCode(404);
        prompts.author().delete("/v1/prompts/" + id).then().statusCode(404);
        assertThat(prompts.made("gone", "scripted", "Be new.")).isNotEqualTo(id);
    }

    @Test
    void anothersPromptsDoNotExist() {
        String id = prompts.made("mine", "scripted", "Be kind.");
        var others = TestPrompts.create();

        for (String path : List.of("", "/versions", "/versions/1", "/diff?from=1&to=1", "/labels/production")) {
            others.author().get("/v1/prompts/" + id + path).then().statusCode(404);
        }
        others.author("{'messages': [{'role': 'user', 'content': 'a'}]}")
                .post("/v1/prompts/%s/versions".formatted(id))
                .then()
                .statusCode(404);
        others.move(id, "production", "{'version': 1}").statusCode(404);
        others.author().delete("/v1/prompts/" + id).then().statusCode(404);
        others.author().get("/v1/prompts").then().body("data", empty());
    }

    @Test
    void writingWithAKeyOfIdempotencyHappensOnce() {
        String body = "{'name': 'once', 'messages': [{'role': 'user', 'content': 'a'}]}";
        for (int i = 0; i < 2; i++) {
            prompts.author(body)
                    .header("Idempotency-Key", "k")
                    .post("/v1/prompts")
                    .then()
                    .statusCode(200);
        }
        get("/v1/prompts").body("data", hasSize(1));
    }

    @Test
    void onlyWhoMayWriteWrites() {
        String reader = TestPrompts.key(prompts.tenant(), Map.of("scopes", List.of("chat")));
        prompts.made("read", "scripted", "Be kind.");

        Api.as(reader).get("/v1/prompts/read").then().statusCode(200);
        Api.as(reader).body("{\"name\": \"x\"}").post("/v1/prompts").then().statusCode(403);
        Api.as(reader)
                .body("{\"version\": 1}")
                .put("/v1/prompts/read/labels/staging")
                .then()
                .statusCode(403);
        Api.as(reader).delete("/v1/prompts/read").then().statusCode(403);
    }
}
