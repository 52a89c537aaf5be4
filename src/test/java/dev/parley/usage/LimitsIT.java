package dev.parley.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.parley.postgres.Ids;
import dev.parley.postgres.Transactions;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// Rates and budgets at the door.
@QuarkusTest
class LimitsIT {

    @Inject
    Admissions admissions;

    @Inject
    Transactions transactions;

    private final TestTenant tenant = TestTenant.create();
    private final Application application = Application.of(tenant.id());

    private Books books() {
        return new Books(transactions, tenant);
    }

    private RateStatus admit(Application wanted) {
        return ((Verdict.Admitted) admissions.admit(wanted.admission())).rates();
    }

    private Refusal refusal(Application wanted) {
        return catchThrowableOfType(Refusal.class, () -> admissions.admit(wanted.admission()));
    }

    private UUID newKey() {
        String id =
                tenant.request().body(Map.of("name", "one")).post("/v1/keys").path("id");
        return Ids.parse("key_", id).orElseThrow();
    }

    @Test
    void requestsAreRefusedWhenTheMinutesWorthIsUsedAndComeBackWithTime() {
        String limit = books().rateLimit("tenant", Map.of("requests_per_minute", 2));
        assertThat(admit(application).headers())
                .containsEntry("x-ratelimit-limit-requests", "2")
                .containsEntry("x-ratelimit-remaining-requests", "1")
                .containsEntry("x-ratelimit-reset-requests", "30s")
                .doesNotContainKey("x-ratelimit-limit-tokens");
        admit(application);

        Refusal refused = refusal(application);

        assertThat(refused.code()).isEqualTo("rate_limit_exceeded");
        assertThat(refused.getMessage()).contains(limit);
        assertThat(refused.retryAfter().orElseThrow().toSeconds()).isBetween(25L, 30L);
        assertThat(refused.headers())
                .containsEntry("x-ratelimit-remaining-requests", "0")
                .doesNotContainKey("x-should-retry");
        books().change("UPDATE rate_buckets SET refilled_at = refilled_at - interval '30 seconds' WHERE tenant_id = ?");
        admit(application);
        assertThat(refusal(application).code()).isEqualTo("rate_limit_exceeded");
    }

    @Test
    void aBucketHoldsNoMoreThanAMinutesWorth() {
        books().rateLimit("tenant", Map.of("requests_per_minute", 2, "tokens_per_minute", 1_000));
        admit(application);
        books().change("UPDATE rate_buckets SET refilled_at = refilled_at - interval '1 hour' WHERE tenant_id = ?");

        assertThat(admit(application).headers())
                .containsEntry("x-ratelimit-remaining-requests", "1")
                .containsEntry("x-ratelimit-remaining-tokens", "900");
    }

    @Test
    void aRequestLargerThanAMinutesTokensCanNeverPass() {
        books().rateLimit("model", Map.of("tokens_per_minute", 99));

        Refusal refused = refusal(application);

        assertThat(refused.code()).isEqualTo("rate_limit_exceeded");
        assertThat(refused.retryAfter()).isEmpty();
        assertThat(refused.headers()).containsEntry("x-should-retry", "false");
        assertThat(refusal(application.atMost(1, 99))).isNull();
    }

    @Test
    void theTightestOfSeveralLimitsDecidesAndIsTold() {
        books().rateLimit("tenant", Map.of("tokens_per_minute", 10_000));
        books().rateLimit("user", Map.of("tokens_per_minute", 150));

        assertThat(admit(application.by("ann")).headers()).containsEntry("x-ratelimit-limit-tokens", "150");
        assertThat(refusal(application.by("ann")).headers()).containsEntry("x-ratelimit-remaining-tokens", "50");
        assertThat(admit(application.by("bob")).headers()).containsEntry("x-ratelimit-remaining-tokens", "50");
        assertThat(admit(application).headers()).containsEntry("x-ratelimit-limit-tokens", "10000");
    }

    @Test
    void whatABudgetRefusesIsChargedToNoRate() {
        books().rateLimit("tenant", Map.of("requests_per_minute", 100, "tokens_per_minute", 1_000));
        books().budget("tenant", "month", Map.of("limit_micros", 999));

        assertThat(refusal(application).code()).isEqualTo("insufficient_quota");
        assertThat(books().number("SELECT round(sum(requests + tokens)) FROM rate_buckets WHERE tenant_id = ?"))
                .isEqualTo(1_100);
    }

    @Test
    void everyBudgetThatAppliesMustPassAndOneRefusalReservesNothing() {
        UUID key = newKey();
        Application wanted = application.by(key, "ann");
        books().budget("tenant", "day", Map.of("limit_micros", 10_000));
        books().budget("tenant", "month", Map.of("limit_tokens", 1_000));
        books().budget("key", "month", Map.of("limit_micros", 5_000, "subject", Ids.format("key_", key)));
        books().budget("model", "month", Map.of("limit_micros", 4_000, "subject", Application.MODEL));
        String narrowest = books().budget("user", "month", Map.of("limit_micros", 2_500));

        admit(wanted);
        admit(wanted);
        assertThat(books().counters()).containsExactly("0 2000 0 200");

        Refusal refused = refusal(wanted.keyed("a", "body"));

        assertThat(refused.code()).isEqualTo("insufficient_quota");
        assertThat(refused.getMessage()).contains(narrowest);
        assertThat(refused.headers()).containsEntry("x-should-retry", "false");
        assertThat(books().counters()).containsExactly("0 2000 0 200");
        assertThat(books().count("budget_periods")).isEqualTo(5);
        assertThat(books().count("turns")).isEqualTo(2);
        assertThat(books().count("idempotency_keys")).isZero();
        // Half a thousand is left of the user's.
        admit(wanted.atMost(500, 1));
    }

    @Test
    void aBudgetCountsItsOwnSubjectOnly() {
        books().budget("user", "month", Map.of("limit_micros", 1_000, "subject", "ann"));
        books().budget("model", "month", Map.of("limit_micros", 1_000, "subject", Application.MODEL));

        admit(application.by("ann").asking("other"));
        assertThat(refusal(application.by("ann").asking("other")).code()).isEqualTo("insufficient_quota");
        admit(application.by("bob"));
        assertThat(refusal(application).code()).isEqualTo("insufficient_quota");
        admit(application.asking("other"));
    }

    @Test
    void eachUserHasABudgetOfTheirOwnWhereNoneIsNamed() {
        books().budget("user", "month", Map.of("limit_tokens", 100));

        for (String user : List.of("ann", "bob", "eve")) {
            admit(application.by(user));
            assertThat(refusal(application.by(user)).code()).isEqualTo("insufficient_quota");
        }
        admit(application);
    }

    @Test
    void anotherDayIsAnotherBudget() {
        books().budget("tenant", "month", Map.of("limit_micros", 1_000));
        admit(application);
        assertThat(refusal(application).code()).isEqualTo("insufficient_quota");

        books().change("UPDATE budget_periods SET starts_on = starts_on - 1 WHERE tenant_id = ?");

        admit(application);
    }

    @Test
    void whatCostsNothingPassesAnEmptyBudget() {
        books().budget("tenant", "month", Map.of("limit_micros", 0));

        admit(application.atMost(0, 100));
        assertThat(refusal(application).code()).isEqualTo("insufficient_quota");
    }

    @Test
    void manyAtOnceAreAdmittedAsFarAsTheBudgetGoesAndNoFurther() throws Exception {
        books().budget("tenant", "month", Map.of("limit_micros", 25_000));
        books().budget("user", "month", Map.of("limit_tokens", 1_000));
        var calls = new ArrayList<Callable<Boolean>>();
        for (int i = 0; i < 100; i++) {
            Application wanted = application.by("user " + i % 5);
            calls.add(() -> refusal(wanted) == null);
        }

        long admitted = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Boolean> each : threads.invokeAll(calls)) {
                admitted += each.get() ? 1 : 0;
            }
        }

        assertThat(admitted).isEqualTo(25);
        assertThat(books().number("SELECT count(*) FROM turns WHERE tenant_id = ?"))
                .isEqualTo(25);
        assertThat(books().number("SELECT max(reserved_micros) FROM budget_periods WHERE tenant_id = ?"))
                .isEqualTo(25_000);
        assertThat(
                        books().number(
                                        "SELECT max(reserved_tokens) FROM budget_periods WHERE tenant_id = ? AND subject <> ''"))
                .isLessThanOrEqualTo(1_000);
    }
}
