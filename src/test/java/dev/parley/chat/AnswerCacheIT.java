package dev.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.Explain;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Instant;
import org.junit.jupiter.api.Test;

@QuarkusTest
class AnswerCacheIT {

    private static final String ON = "\"parley\": {\"cache\": \"on\"}";

    @Inject
    Transactions transactions;

    @Inject
    AnswerCache cache;

    private final TestTenant tenant = TestTenant.create();
    private final ScriptedProvider.Script script = ScriptedProvider.script(Reply.text("Fine, thanks."));

    @Test
    void theSameQuestionIsAnsweredOnceByTheProviderAndThenForNothing() {
        ask(tenant, ON).body("parley.receipt.cache", equalTo("stored")).body("parley.receipt.cost_micros", equalTo(26));

        ask(tenant, ON)
                .body("choices[0].message.content", equalTo("Fine, thanks."))
                .body("usage.total_tokens", equalTo(0))
                .body("parley.receipt.cache", equalTo("hit"))
                .body("parley.receipt.model", equalTo("scripted"))
                .body("parley.receipt.cost_micros", equalTo(0));

        assertThat(script.requests()).hasSize(1);
        assertThat(number("SELECT count(*) FROM ledger")).isEqualTo(1);
        assertThat(number("SELECT sum(micros) FROM turns")).isEqualTo(26);
    }

    @Test
    void aHitIsStreamedToo() {
        ask(tenant, ON);
        var text = new StringBuilder();

        try (var events = EventStream.open(tenant.key(), body(ON + ", \"stream\": true"))) {
            for (var event = events.next(); event != null; event = events.next()) {
                text.append(event.at("/choices/0/delta/content").asText(""));
            }
        }

        assertThat(text).hasToString("Fine, thanks.");
        assertThat(script.requests()).hasSize(1);
    }

    @Test
    void responsesShareTheCacheWithChatCompletions() {
        ask(tenant, ON);

        tenant.request()
                .body("{\"model\": \"scripted\", \"input\": \"%s\", %s}".formatted(question(), ON))
                .post("/v1/responses")
                .then()
                .statusCode(200)
                .body("parley.receipt.cache", equalTo("hit"))
                .body("usage.total_tokens", equalTo(0));
    }

    @Test
    void whatDiffersInTenantOrParametersIsAnotherQuestion() {
        ask(tenant, ON);

        ask(TestTenant.create(), ON).body("parley.receipt.cache", equalTo("stored"));
        ask(tenant, ON + ", \"temperature\": 0.5").body("parley.receipt.cache", equalTo("stored"));
        assertThat(script.requests()).hasSize(3);
    }

    @Test
    void theModeSaysWhetherTheCacheIsReadAndWritten() {
        ask(tenant, "\"parley\": {\"cache\": \"read_only\"}").body("parley.receipt.cache", equalTo("miss"));
        ask(tenant, "\"parley\": {\"cache\": {\"mode\": \"write_only\", \"ttl_seconds\": 60}}")
                .body("parley.receipt.cache", equalTo("stored"));
        ask(tenant, "\"parley\": {\"cache\": \"write_only\"}").body("parley.receipt.cache", equalTo("stored"));
        ask(tenant, "\"parley\": {\"cache\": \"off\"}").body("parley.receipt.cache", nullValue());
        ask(tenant, "\"parley\": {\"cache\": \"read_only\"}").body("parley.receipt.cache", equalTo("hit"));
        assertThat(script.requests()).hasSize(4);
    }

    @Test
    void turnsWithToolsAreNeverCached() {
        String tools = ON + ", \"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"weather\"}}]";

        ask(tenant, tools).body("parley.receipt.cache", nullValue());
        ask(tenant, tools).body("parley.receipt.cache", nullValue());

        assertThat(script.requests()).hasSize(2);
    }

    @Test
    void anExpiredAnswerIsAskedForAgainAndSweptAway() {
        ask(tenant, ON);
        transactions.runInTenant(
                tenant.id(),
                connection ->
                        Sql.update(connection, "UPDATE cached_answers SET expires_at = now() - interval '1 second'"));

        ask(tenant, "\"parley\": {\"cache\": \"read_only\"}").body("parley.receipt.cache", equalTo("miss"));
        while (cache.run()) {
            assertThat(number("SELECT count(*) FROM cached_answers")).isLessThanOrEqualTo(1);
        }

        assertThat(number("SELECT count(*) FROM cached_answers")).isZero();
    }

    @Test
    void aHitKeepsTheIdempotencyKey() {
        ask(tenant, ON);
        String first = keyed();

        assertThat(keyed()).isEqualTo(first);
        assertThat(number("SELECT count(*) FROM turns")).isEqualTo(2);
    }

    @Test
    void anotherModeIsRefusedByName() {
        tenant.request()
                .body(body("\"parley\": {\"cache\": \"sometimes\"}"))
                .post("/v1/chat/completions")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("parley.cache"));
    }

    @Test
    void anAnswerIsFoundByItsWholeKey() {
        assertThat(Explain.plan(transactions, tenant.id(), AnswerCache.FIND, tenant.id(), new byte[32], Instant.now()))
                .contains("cached_answers_pkey");
    }

    private String keyed() {
        return tenant.request()
                .header("Idempotency-Key", "again")
                .body(body(ON))
                .post("/v1/chat/completions")
                .then()
                .statusCode(200)
                .extract()
                .asString();
    }

    private ValidatableResponse ask(TestTenant who, String members) {
        return who.request()
                .body(body(members))
                .post("/v1/chat/completions")
                .then()
                .statusCode(200);
    }

    private String body(String members) {
        return ChatRequests.with(ChatRequests.user(question()), members);
    }

    private String question() {
        return "How are you? " + script.marker();
    }

    private long number(String sql) {
        return transactions.<Long>inTenant(tenant.id(), connection -> Sql.first(connection, sql, row -> row.getLong(1))
                .orElseThrow());
    }
}
