package dev.parley.prompt;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.testing.Api;
import dev.parley.testing.TestTenant;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The prompts of a tenant made for one test.
///
/// @param authorKey may write prompts and use them, `releaserKey` may move protected labels as well
public record TestPrompts(TestTenant tenant, String authorKey, String releaserKey) {

    public static TestPrompts create() {
        var tenant = TestTenant.create();
        return new TestPrompts(
                tenant,
                key(tenant, Map.of("scopes", List.of("chat", "prompts"))),
                key(tenant, Map.of("scopes", List.of("chat", "prompts", "prompts:release"))));
    }

    public static String key(TestTenant tenant, Map<String, Object> more) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("name", "test");
        more.forEach((name, value) -> {
            if (value instanceof List<?> values) {
                var array = body.putArray(name);
                values.forEach(each -> array.add(String.valueOf(each)));
            } else {
                body.put(name, String.valueOf(value));
            }
        });
        return tenant.request()
                .body(body.toString())
                .post("/v1/keys")
                .then()
                .statusCode(200)
                .extract()
                .path("value");
    }

    public RequestSpecification author(String... json) {
        return request(authorKey, json);
    }

    public RequestSpecification releaser(String... json) {
        return request(releaserKey, json);
    }

    private static RequestSpecification request(String key, String... json) {
        RequestSpecification request = Api.as(key);
        return json.length == 0
                ? request
                : request.body(Arrays.stream(json).collect(Collectors.joining()).replace('\'', '"'));
    }

    /// A prompt with one version that instructs a model of this alias.
    public String made(String name, String model, String instructions) {
        return author("{'name': '%s', 'model': '%s', 'messages': [{'role': 'system', 'content': '%s'}]}"
                        .formatted(name, model, instructions))
                .post("/v1/prompts")
                .then()
                .statusCode(200)
                .extract()
                .path("id");
    }

    /// Another version of it.
    public int version(String prompt, String json) {
        return author(json)
                .post("/v1/prompts/%s/versions".formatted(prompt))
                .then()
                .statusCode(200)
                .extract()
                .path("version");
    }

    public ValidatableResponse move(String prompt, String label, String json) {
        return releaser(json)
                .put("/v1/prompts/%s/labels/%s".formatted(prompt, label))
                .then();
    }
}
