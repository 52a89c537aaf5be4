package dev.parley.usage;

import dev.parley.model.Bound;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// Reserves more for turns under way.
@ApplicationScoped
public class TopUps {

    private static final String TOP_UP = "SELECT * FROM top_up(?, ?, ?, ?, ?, ?)";

    private final Transactions transactions;

    TopUps(Transactions transactions) {
        this.transactions = transactions;
    }

    /// The purse of an admitted turn.
    public TurnSpend open(Lease lease) {
        return new TurnSpend(lease, this);
    }

    private record Answer(String verdict, @Nullable UUID limit) {}

    /// Returns what is reserved besides.
    Bound topUp(Ticket ticket, Bound lacking, String model) {
        Answer answer = transactions.withoutTenant(connection -> Sql.first(
                        connection,
                        TOP_UP,
                        row -> new Answer(row.getString("verdict"), row.getObject("limit_id", UUID.class)),
                        ticket.tenant(),
                        ticket.turn(),
                        ticket.token(),
                        lacking.micros(),
                        lacking.tokens(),
                        model)
                .orElseThrow());
        return switch (answer.verdict) {
            case "reserved" -> lacking;
            case "budget" -> throw Refusals.budget(answer.limit, RateStatus.UNLIMITED);
            case "cancelled" -> throw new CancellationException("The turn was cancelled");
            case "lost" -> throw new TurnLost(ticket.turn());
            default -> throw new IllegalStateException("Unknown verdict: " + answer.verdict);
        };
    }
}
