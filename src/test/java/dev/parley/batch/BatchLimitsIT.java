package dev.parley.batch;

import static dev.parley.batch.TestBatch.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.openai.models.batches.Batch;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.Api;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.hamcrest.Matchers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Batches under rates, budgets, keys and time that end.
@QuarkusTest
class BatchLimitsIT {

    private static final List<String> LINES = List.of(line("one", "First?"), line("two", "Second?"));

    private final TestTenant tenant = TestTenant.create();
    private final Transactions transactions;

    BatchLimitsIT(Transactions transactions) {
        this.transactions = transactions;
    }

    @Test
    void aRateIsWaitedOutWithoutFailingALine() {
        drainedRateLimit(600, -20);
        var batch = TestBatch.create(tenant.key(), LINES);

        Batch done = batch.await(Batch.Status.COMPLETED);

        assertThat(done.requestCounts().orElseThrow().failed()).isZero();
        assertThat(batch.answers()).hasSize(2);
        assertThat(done.completedAt().orElseThrow() - done.createdAt()).isGreaterThanOrEqualTo(1);
    }

    @Test
    void aBudgetWithoutRoomIsWaitedForAndSaysSo() {
        emptyBudget();
        var batch = TestBatch.create(tenant.key(), LINES);
        awaitPause(batch);
        assertThat(batch.look().status()).isEqualTo(Batch.Status.IN_PROGRESS);

        execute("UPDATE budgets SET limit_tokens = 1000000 WHERE tenant_id = ?", tenant.id());

        batch.await(Batch.Status.COMPLETED);
        assertThat(batch.answers()).hasSize(2);
        assertThat(batch.errors()).isEmpty();
        assertThat(numbers("SELECT sum(reserved_tokens) FROM budget_periods")).containsExactly(0L);
        assertThat(numbers("SELECT sum(spent_tokens) FROM budget_periods"))
                .isEqualTo(numbers("SELECT sum(input_tokens + output_tokens) FROM ledger"));
    }

    @Test
    void linesOfARevokedKeyFail() {
        emptyBudget();
        String key = tenant.request()
                .body("{\"name\": \"soon gone\"}")
                .post("/v1/keys")
                .then()
                .statusCode(200)
                .extract()
                .path("value");
        var batch = TestBatch.create(key, LINES);
        awaitPause(batch);

        execute("UPDATE api_keys SET revoked_at = now() WHERE tenant_id = ? AND name = 'soon gone'", tenant.id());

        awaitStatus(batch, "completed").body("request_counts.failed", Matchers.equalTo(2));
    }

    @Test
    void anExpiredBatchSaysWhatWasNotRun() {
        emptyBudget();
        var batch = TestBatch.create(tenant.key(), LINES);
        awaitPause(batch);

        execute("UPDATE batches SET expires_at = now() WHERE tenant_id = ?", tenant.id());

        Batch expired = batch.await(Batch.Status.EXPIRED);
        assertThat(expired.expiredAt()).isPresent();
        assertThat(expired.outputFileId()).isEmpty();
        assertThat(batch.errors()).hasSize(2).allSatisfy(line -> {
            assertThat(line.path("response").isNull()).isTrue();
            assertThat(line.at("/error/code").asText()).isEqualTo("batch_expired");
        });
    }

    @Test
    void whatTheFilesHaveIsNotKeptTwice() {
        var batch = TestBatch.create(tenant.key(), LINES);
        batch.await(Batch.Status.COMPLETED);

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(
                        numbers("SELECT count(*) FROM batch_lines WHERE request IS NOT NULL OR result IS NOT NULL"))
                .containsExactly(0L));
        assertThat(numbers("SELECT count(turn_id) FROM batch_lines")).containsExactly(2L);
    }

    /// @param requests left; below zero for one that has to be waited for longer
    private void drainedRateLimit(int perMinute, int requests) {
        UUID limit = Ids.next();
        execute(
                "INSERT INTO rate_limits (tenant_id, id, scope, requests_per_minute) VALUES (?, ?, 'tenant', ?)",
                tenant.id(),
                limit,
                perMinute);
        execute("""
                INSERT INTO rate_buckets (tenant_id, rate_limit_id, subject, requests, refilled_at)
                VALUES (?, ?, '', ?, now())""", tenant.id(), limit, requests);
    }

    private void emptyBudget() {
        execute(
                "INSERT INTO budgets (tenant_id, id, scope, period, limit_tokens) VALUES (?, ?, 'tenant', 'month', 0)",
                tenant.id(),
                Ids.next());
    }

    private void awaitPause(TestBatch batch) {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> tenant.request().get("/v1/batches/" + batch.id()).path("parley.paused_until") != null);
    }

    private ValidatableResponse awaitStatus(TestBatch batch, String status) {
        return await().atMost(Duration.ofMinutes(1))
                .until(
                        () -> Api.as(tenant.key())
                                .get("/v1/batches/" + batch.id())
                                .then(),
                        answer -> status.equals(answer.extract().path("status")));
    }

    private void execute(String sql, @Nullable Object... args) {
        transactions.runInTenant(tenant.id(), connection -> Sql.update(connection, sql, args));
    }

    private List<Long> numbers(String sql) {
        return transactions.inTenant(tenant.id(), connection -> Sql.list(connection, sql, row -> row.getLong(1)));
    }
}
