package dev.parley.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.testing.Api;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// `/v1/budgets` and `/v1/rate_limits` as an admin uses them.
@QuarkusTest
class BudgetsIT {

    @Inject
    Admissions admissions;

    private final TestTenant tenant = TestTenant.create();

    private ValidatableResponse post(String path, Object body) {
        return tenant.request().body(body).post(path).then();
    }

    private ValidatableResponse get(String path) {
        return tenant.request().get(path).then();
    }

    private String made(String path, Object body) {
        return post(path, body).statusCode(200).extract().path("id");
    }

    private void refused(ValidatableResponse answer, String param) {
        answer.statusCode(400).body("error.param", equalTo(param));
    }

    @Test
    void aBudgetIsShownWithWhatIsLeftOfIt() {
        String id = made("/v1/budgets", Map.of("scope", "tenant", "period", "month", "limit_micros", 5_000));
        admissions.admit(Application.of(tenant.id()).admission());

        get("/v1/budgets/" + id)
                .statusCode(200)
                .body("id", matchesPattern("budget_[0-9a-f]{32}"))
                .body("object", equalTo("budget"))
                .body("scope", equalTo("tenant"))
                .body("subject", nullValue())
                .body("period", equalTo("month"))
                .body("limit_micros", equalTo(5_000))
                .body("limit_tokens", nullValue())
                .body("spent_micros", equalTo(0))
                .body("reserved_micros", equalTo(1_000))
                .body("spent_tokens", equalTo(0))
                .body("reserved_tokens", equalTo(100));
    }

    @Test
    void aBudgetOfEachUserShowsTheCountOfTheOneAskedFor() {
        String id = made("/v1/budgets", Map.of("scope", "user", "period", "day", "limit_tokens", 5_000));
        admissions.admit(Application.of(tenant.id()).by("ann").admission());

        get("/v1/budgets/" + id).body("reserved_tokens", nullValue());
        get("/v1/budgets/" + id + "?subject=ann").body("reserved_tokens", equalTo(100));
        get("/v1/budgets/" + id + "?subject=bob").body("reserved_tokens", equalTo(0));
        String whole = made("/v1/budgets", Map.of("scope", "tenant", "period", "day", "limit_tokens", 5_000));
        refused(get("/v1/budgets/" + whole + "?subject=ann"), "subject");
    }

    @Test
    void aKeyIsNamedAsItIsShownAndMustExist() {
        String key = made("/v1/keys", Map.of("name", "one"));
        String theirs = TestTenant.create()
                .request()
                .body(Map.of("name", "theirs"))
                .post("/v1/keys")
                .path("id");

        for (String path : List.of("/v1/budgets", "/v1/rate_limits")) {
            var limits = path.equals("/v1/budgets")
                    ? Map.of("scope", "key", "period", "day", "limit_micros", 1)
                    : Map.of("scope", "key", "requests_per_minute", 1);
            post(path, with(limits, "subject", key)).statusCode(200).body("subject", equalTo(key));
            for (String unknown : List.of(theirs, "key_", "ann", key + "0")) {
                refused(post(path, with(limits, "subject", unknown)), "subject");
            }
        }
    }

    private static Map<String, Object> with(Map<String, ?> fields, String name, Object value) {
        var more = new HashMap<String, Object>(fields);
        more.put(name, value);
        return more;
    }

    @Test
    void thereIsOneLimitForASubject() {
        var budget = Map.of("scope", "user", "subject", "ann", "period", "day", "limit_micros", 1);
        made("/v1/budgets", budget);
        post("/v1/budgets", budget).statusCode(409).body("error.code", equalTo("budget_exists"));
        made("/v1/budgets", with(budget, "period", "month"));
        made("/v1/budgets", with(budget, "subject", "bob"));

        var each = Map.of("scope", "user", "tokens_per_minute", 1);
        made("/v1/rate_limits", each);
        post("/v1/rate_limits", each).statusCode(409).body("error.code", equalTo("rate_limit_exists"));
        made("/v1/rate_limits", with(each, "subject", "ann"));
    }

    @Test
    void whatIsNotMentionedStaysAndNullOpensASide() {
        String budget = made("/v1/budgets", Map.of("scope", "tenant", "period", "day", "limit_micros", 1));
        post("/v1/budgets/" + budget, Map.of("limit_tokens", 0))
                .statusCode(200)
                .body("limit_micros", equalTo(1))
                .body("limit_tokens", equalTo(0));
        post("/v1/budgets/" + budget, "{\"limit_micros\":null}")
                .statusCode(200)
                .body("limit_micros", nullValue())
                .body("limit_tokens", equalTo(0));
        refused(post("/v1/budgets/" + budget, "{\"limit_tokens\":null}"), "limit_micros");
        refused(post("/v1/budgets/" + budget, Map.of("period", "month")), "period");

        String rate = made("/v1/rate_limits", Map.of("scope", "tenant", "requests_per_minute", 5));
        post("/v1/rate_limits/" + rate, "{\"requests_per_minute\":null,\"tokens_per_minute\":9}")
                .statusCode(200)
                .body("requests_per_minute", nullValue())
                .body("tokens_per_minute", equalTo(9));
    }

    @Test
    void aChangedRateHoldsFromTheNextRequest() {
        String rate = made("/v1/rate_limits", Map.of("scope", "tenant", "requests_per_minute", 1));
        admissions.admit(Application.of(tenant.id()).admission());

        post("/v1/rate_limits/" + rate, "{\"requests_per_minute\":null,\"tokens_per_minute\":150}")
                .statusCode(200);
        var rates =
                ((Verdict.Admitted) admissions.admit(Application.of(tenant.id()).admission())).rates();

        assertThat(rates.headers())
                .containsEntry("x-ratelimit-remaining-tokens", "50")
                .doesNotContainKey("x-ratelimit-limit-requests");
    }

    @Test
    void badInputNamesItsParameter() {
        refused(post("/v1/budgets", Map.of("period", "day", "limit_micros", 1)), "scope");
        refused(post("/v1/budgets", Map.of("scope", "team", "period", "day", "limit_micros", 1)), "scope");
        refused(post("/v1/budgets", Map.of("scope", "tenant", "limit_micros", 1)), "period");
        refused(post("/v1/budgets", Map.of("scope", "tenant", "period", "week", "limit_micros", 1)), "period");
        refused(post("/v1/budgets", Map.of("scope", "tenant", "period", "day")), "limit_micros");
        refused(post("/v1/budgets", Map.of("scope", "tenant", "period", "day", "limit_micros", -1)), "limit_micros");
        refused(post("/v1/budgets", Map.of("scope", "tenant", "period", "day", "limit_tokens", 1.5)), "limit_tokens");
        refused(post("/v1/budgets", Map.of("scope", "tenant", "period", "day", "limit_usd", 1)), "limit_usd");
        refused(
                post("/v1/budgets", Map.of("scope", "tenant", "period", "day", "limit_micros", 1, "subject", "a")),
                "subject");
        refused(post("/v1/rate_limits", Map.of("scope", "tenant")), "requests_per_minute");
        refused(post("/v1/rate_limits", Map.of("scope", "tenant", "tokens_per_minute", 0)), "tokens_per_minute");
        refused(get("/v1/budgets?after=x"), "after");
        refused(get("/v1/rate_limits?order=up"), "order");
    }

    @Test
    void limitsPageAndGoAway() {
        for (String path : List.of("/v1/budgets", "/v1/rate_limits")) {
            var fields = path.equals("/v1/budgets")
                    ? Map.of("scope", "user", "period", "day", "limit_micros", 1)
                    : Map.of("scope", "user", "requests_per_minute", 1);
            String first = made(path, with(fields, "subject", "ann"));
            String second = made(path, with(fields, "subject", "bob"));

            get(path + "?limit=1").body("data.id", contains(second)).body("has_more", equalTo(true));
            get(path + "?limit=1&after=" + second)
                    .body("data.id", contains(first))
                    .body("has_more", equalTo(false));
            get(path + "?order=asc").body("data.id", contains(first, second));

            tenant.request().delete(path + "/" + first).then().statusCode(200).body("deleted", equalTo(true));
            get(path + "/" + first).statusCode(404);
            tenant.request().delete(path + "/" + first).then().statusCode(404);
            post(path + "/" + first, "{}").statusCode(404);
        }
    }

    @Test
    void whatIsAnotherTenantsDoesNotExist() {
        var other = TestTenant.create();
        String budget = made("/v1/budgets", Map.of("scope", "tenant", "period", "day", "limit_micros", 1));
        String rate = made("/v1/rate_limits", Map.of("scope", "tenant", "requests_per_minute", 1));

        for (String path : List.of("/v1/budgets/" + budget, "/v1/rate_limits/" + rate)) {
            other.request().get(path).then().statusCode(404).body("error.message", containsString("No such"));
            other.request().body("{}").post(path).then().statusCode(404);
            other.request().delete(path).then().statusCode(404);
        }
        other.request().get("/v1/budgets").then().body("data", empty());
        other.request().get("/v1/rate_limits").then().body("data", empty());
        admissions.admit(Application.of(other.id()).admission());
    }

    @Test
    void onlyAdminsSeeThem() {
        String chat = tenant.request()
                .body(Map.of("name", "chat", "scopes", List.of("chat", "knowledge")))
                .post("/v1/keys")
                .path("value");

        for (String path : List.of("/v1/budgets", "/v1/rate_limits", "/v1/usage")) {
            Api.as(chat).get(path).then().statusCode(403);
        }
    }
}
