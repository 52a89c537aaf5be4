package dev.parley.usage;

import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.postgres.Ids;
import dev.parley.postgres.Transactions;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class UsageIT {

    private static final Instant MONDAY = Instant.parse("2026-03-02T00:00:00Z");
    private static final Instant TUESDAY = MONDAY.plus(Duration.ofDays(1));
    private static final UUID KEY = UUID.randomUUID();

    @Inject
    Transactions transactions;

    private final TestTenant tenant = TestTenant.create();

    @BeforeEach
    void threeTurnsOfTwoUsersOnTwoDays() {
        UUID first = turnAt(MONDAY);
        book(first, 1, "ann", "small", 100, false);
        book(first, 2, "ann", "large", 1_000, false);
        book(turnAt(MONDAY.plus(Duration.ofHours(24)).minusMillis(1)), 1, "bob", "small", 10, false);
        UUID reaped = turnAt(TUESDAY);
        book(reaped, 1, "ann", "small", 500, true);
        book(reaped, -1, "ann", "small", -200, false);
        book(turnAt(TUESDAY.plus(Duration.ofDays(1))), 1, "bob", "small", 7, false);
    }

    private static UUID turnAt(Instant moment) {
        return new UUID(
                Days.leastId(moment).getMostSignificantBits() | 0x7000,
                UUID.randomUUID().getLeastSignificantBits());
    }

    private void book(UUID turn, int line, String user, String model, long micros, boolean estimated) {
        new Books(transactions, tenant)
                .change(
                        "INSERT INTO ledger (tenant_id, turn_id, line, key_id, user_id, model, provider, input_tokens, "
                                + "cached_tokens, output_tokens, cost_micros, estimated) "
                                + "VALUES (?, ?, ?, ?, ?, ?, 'p', 10, 5, 2, ?, ?)",
                        turn,
                        line,
                        KEY,
                        user,
                        model,
                        micros,
                        estimated);
    }

    private ValidatableResponse usage(String query) {
        return tenant.request().get("/v1/usage" + query).then();
    }

    private static String days(Instant start, Instant end) {
        return "?start_time=%d&end_time=%d".formatted(start.getEpochSecond(), end.getEpochSecond());
    }

    @Test
    void eachDayHasWhatItsTurnsUsedAndCost() {
        usage(days(MONDAY, TUESDAY.plus(Duration.ofDays(1))))
                .statusCode(200)
                .body("object", equalTo("page"))
                .body("has_more", equalTo(false))
                .body("next_page", nullValue())
                .body("data", hasSize(2))
                .body("data[0].object", equalTo("bucket"))
                .body("data[0].start_time", equalTo((int) MONDAY.getEpochSecond()))
                .body("data[0].end_time", equalTo((int) TUESDAY.getEpochSecond()))
                .body("data[0].results", hasSize(1))
                .body("data[0].results[0].input_tokens", equalTo(30))
                .body("data[0].results[0].input_cached_tokens", equalTo(15))
                .body("data[0].results[0].output_tokens", equalTo(6))
                .body("data[0].results[0].num_model_requests", equalTo(3))
                .body("data[0].results[0].cost_micros", equalTo(1_110))
                .body("data[0].results[0].estimated_cost_micros", equalTo(0))
                .body("data[0].results[0].model", nullValue())
                .body("data[1].results[0].num_model_requests", equalTo(1))
                .body("data[1].results[0].cost_micros", equalTo(300))
                .body("data[1].results[0].estimated_cost_micros", equalTo(500));
    }

    @Test
    void aDayIsToldApartByModelUserAndKey() {
        String monday = days(MONDAY, TUESDAY);
        usage(monday + "&group_by=model")
                .body("data[0].results.model", contains("large", "small"))
                .body("data[0].results.cost_micros", contains(1_000, 110))
                .body("data[0].results.user_id", contains(nullValue(), nullValue()));
        usage(monday + "&group_by=user").body("data[0].results.user_id", contains("ann", "bob"));
        usage(monday + "&group_by=key")
                .body("data[0].results.api_key_id", contains(Ids.format("key_", KEY)))
                .body("data[0].results.cost_micros", contains(1_110));
        for (String both : new String[] {"&group_by=model,user", "&group_by=model&group_by=user"}) {
            usage(monday + both).body("data[0].results.cost_micros", containsInAnyOrder(1_000, 100, 10));
        }
    }

    @Test
    void aDayThatIsTouchedIsShownWholeAndOneWithoutUsageEmpty() {
        usage(days(MONDAY.minusSeconds(1), MONDAY.plusSeconds(1)))
                .body("data", hasSize(2))
                .body("data[0].results", empty())
                .body("data[1].results[0].cost_micros", equalTo(1_110));
    }

    @Test
    void theLastSevenDaysAndTodayAreTheDefault() {
        usage("").statusCode(200).body("data", hasSize(8)).body("data.results.flatten()", empty());
    }

    @Test
    void badInputNamesItsParameter() {
        refused("?start_time=yesterday", "start_time");
        refused("?end_time=-1", "end_time");
        refused("?start_time=1772409600000", "start_time");
        refused(days(TUESDAY, MONDAY), "start_time");
        refused(days(MONDAY, MONDAY.plus(Duration.ofDays(93))), "start_time");
        refused("?group_by=colour", "group_by");
        refused("?bucket_width=1h", "bucket_width");
    }

    private void refused(String query, String param) {
        usage(query).statusCode(400).body("error.param", equalTo(param));
    }

    @Test
    void anotherTenantsUsageIsNotSeen() {
        TestTenant.create()
                .request()
                .get("/v1/usage" + days(MONDAY, TUESDAY))
                .then()
                .statusCode(200)
                .body("data[0].results", empty());
    }
}
