package dev.parley.usage;

import dev.parley.idempotency.IdempotencyKey;
import dev.parley.identity.Caller;
import dev.parley.postgres.DatabaseFailure;
import dev.parley.postgres.Json;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Lets work in: idempotency, rates and budgets in one round trip, which writes everything or nothing.
@ApplicationScoped
public class Admissions {

    /// Of limits, while one admission is decided.
    private static final int MOST_DELETIONS = 10;

    private static final String ADMIT = "SELECT * FROM admit(?, ?::jsonb, ?, ?)";

    /// As long as `admit` knows a key.
    private static final String FORMER = """
            SELECT turn_id FROM idempotency_keys
             WHERE tenant_id = ? AND caller = ? AND key = ? AND request_hash = ? AND turn_id IS NOT NULL
               AND created_at >= now() - interval '24 hours'""";

    private final Transactions transactions;
    private final Json json;
    private final UsageConfig config;
    private final Closing closing;
    private final Together<Applicant, Decision> together;

    Admissions(Transactions transactions, Json json, UsageConfig config, Closing closing) {
        this.transactions = transactions;
        this.json = json;
        this.config = config;
        this.closing = closing;
        this.together = new Together<>(Applicant::apart, this::decide);
    }

    /// @throws Problem (409) for a conversation or an idempotency key in use just now, (404) for a conversation that is
    /// gone, (422) for an idempotency key of another request, (429) for a rate or a budget, (503) while this
    /// process shuts down or the database is away; nothing is left behind then
    public Verdict admit(Admission admission) {
        closing.checkOpen();
        var applicant = new Applicant(admission, UUID.randomUUID());
        Decision decision = together.call(admission.payer().tenant(), applicant);
        return switch (decision.verdict) {
            case "admitted" ->
                new Verdict.Admitted(
                        new Ticket(
                                admission.payer().tenant(),
                                admission.turn(),
                                applicant.token,
                                admission.model(),
                                admission.bound()),
                        decision.rates);
            case "repeated" -> new Verdict.Repeated(decision.repeated());
            default -> throw decision.refusal(admission);
        };
    }

    /// What the same request became under this key before; empty when it became nothing.
    public Optional<UUID> former(Caller caller, IdempotencyKey key) {
        return transactions
                .list(
                        caller.tenant(),
                        FORMER,
                        row -> Sql.uuid(row, "turn_id"),
                        caller.tenant(),
                        Payer.of(caller, null).caller(),
                        key.value(),
                        HexFormat.of().parseHex(key.requestHash()))
                .stream()
                .findFirst();
    }

    private List<Decision> decide(TenantId tenant, List<Applicant> applicants, Duration patience) {
        var rows = new ArrayList<AdmissionRow>(applicants.size());
        var requests = new ArrayList<byte @Nullable []>(applicants.size());
        for (Applicant applicant : applicants) {
            rows.add(AdmissionRow.of(rows.size() + 1, applicant.admission, applicant.token, config.lease()));
            requests.add(applicant.admission.thread().request());
        }
        for (int again = MOST_DELETIONS; ; again--) {
            try {
                return transactions.withoutTenant(connection -> Sql.list(
                        connection,
                        ADMIT,
                        Decision::of,
                        tenant,
                        json.write(rows),
                        Sql.byteas(requests),
                        patience.toMillis()));
            } catch (DatabaseFailure failure) {
                // A limit was deleted while its first counter was made: now it is gone.
                if (!failure.isDangling() || again == 0) {
                    throw failure;
                }
            }
        }
    }

    private record Applicant(Admission admission, UUID token) {

        /// Who names the same key or conversation as another must see what became of it.
        Set<Object> apart() {
            var apart = new HashSet<Object>();
            if (admission.key() != null) {
                apart.add(admission.payer().caller() + " " + admission.key().value());
            }
            if (admission.thread().conversation() != null) {
                apart.add(admission.thread().conversation());
            }
            return apart;
        }
    }

    private record Decision(
            String verdict,
            @Nullable UUID turn,
            @Nullable UUID limit,
            @Nullable Long retryAfterMs,
            RateStatus rates) {

        static Decision of(ResultSet row) throws SQLException {
            return new Decision(
                    row.getString("verdict"),
                    row.getObject("turn_id", UUID.class),
                    row.getObject("limit_id", UUID.class),
                    row.getObject("retry_after_ms", Long.class),
                    new RateStatus(side(row, "requests"), side(row, "tokens")));
        }

        private static RateStatus.@Nullable Side side(ResultSet row, String what) throws SQLException {
            Long limit = row.getObject("limit_" + what, Long.class);
            return limit == null
                    ? null
                    : new RateStatus.Side(
                            limit,
                            row.getLong("remaining_" + what),
                            Duration.ofMillis(row.getLong("reset_" + what + "_ms")));
        }

        UUID repeated() {
            if (turn == null) {
                throw Refusals.keyReused();
            }
            return turn;
        }

        Problem refusal(Admission admission) {
            return switch (verdict) {
                case "key_reused" -> Refusals.keyReused();
                case "in_progress" -> Refusals.keyInProgress();
                case "conversation_missing" ->
                    Refusals.conversationMissing(admission.thread().conversation());
                case "conversation_locked" -> Refusals.conversationLocked();
                case "rate" -> Refusals.rate(limit, retryAfterMs, admission.bound(), rates);
                case "budget" -> Refusals.budget(limit, rates);
                default -> throw new IllegalStateException("Unknown verdict: " + verdict);
            };
        }
    }
}
