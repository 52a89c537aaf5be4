package dev.parley.chat.responses;

import dev.parley.chat.Chain;
import dev.parley.conversation.ChainMemory;
import dev.parley.conversation.Memory;
import dev.parley.conversation.MemoryBudget;
import dev.parley.conversation.Remembered;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a response remembers of those it continues. Each names the one before it, so they are walked from the newest
/// back, a few at a time, until memory is full: what is read does not grow with their number.
@ApplicationScoped
class ResponseChain implements Chain {

    /// Ends with one that was deleted, or never stored. The limit within keeps the planner from joining the other way
    /// round: each step is one look into the primary key.
    static final String WALK = """
            WITH RECURSIVE chain AS (
                SELECT t.id, t.previous_id, t.status, t.request, t.answer, 1 AS depth
                  FROM turns t WHERE t.tenant_id = ? AND t.id = ? AND t.kind = 'response' AND t.stored
                UNION ALL
                SELECT p.id, p.previous_id, p.status, p.request, p.answer, c.depth + 1
                  FROM chain c CROSS JOIN LATERAL (
                       SELECT t.id, t.previous_id, t.status, t.request, t.answer
                         FROM turns t WHERE t.tenant_id = ? AND t.id = c.previous_id
                          AND t.kind = 'response' AND t.stored LIMIT 1) p
                 WHERE c.depth < ?)
            SELECT * FROM chain ORDER BY depth""";

    private static final int STEP = 16;

    private final Transactions transactions;
    private final StoredAnswers answers;
    private final Memory memory;

    ResponseChain(Transactions transactions, StoredAnswers answers, Memory memory) {
        this.transactions = transactions;
        this.answers = answers;
        this.memory = memory;
    }

    /// @throws Problem (400) when the text cannot be a response's id
    static ResponseId parse(String text) {
        return ResponseId.find(text).orElseThrow(() -> PreviousResponse.notThere(text));
    }

    @Override
    public Remembered recall(TenantId tenant, UUID last, MemoryBudget budget) {
        ChainMemory chain = memory.ofChain(budget);
        List<Link> links = walk(tenant, last, STEP);
        first(links, last);
        while (add(tenant, links, chain) && links.size() == STEP) {
            UUID next = links.getLast().previous;
            links = next == null ? List.of() : walk(tenant, next, STEP);
        }
        return chain.remembered();
    }

    /// @throws Problem (400) as [#recall]
    void check(TenantId tenant, UUID response) {
        first(walk(tenant, response, 1), response);
    }

    private static void first(List<Link> links, UUID response) {
        var id = new ResponseId(response);
        if (links.isEmpty()) {
            throw PreviousResponse.notThere(id.toString());
        }
        Link first = links.getFirst();
        if (first.answer == null || !first.isContinuable()) {
            throw PreviousResponse.notContinuable(id, first.status);
        }
    }

    /// Whether there is room for more.
    private boolean add(TenantId tenant, List<Link> links, ChainMemory chain) {
        for (Link link : links) {
            if (!chain.add(answers.exchange(tenant, link.request, link.answer))) {
                return false;
            }
        }
        return true;
    }

    private List<Link> walk(TenantId tenant, UUID from, int most) {
        return transactions.inTenant(
                tenant, connection -> Sql.list(connection, WALK, Link::of, tenant, from, tenant, most));
    }

    private record Link(@Nullable UUID previous, String status, byte @Nullable [] request, byte @Nullable [] answer) {

        static Link of(ResultSet row) throws SQLException {
            return new Link(
                    row.getObject("previous_id", UUID.class),
                    row.getString("status"),
                    row.getBytes("request"),
                    row.getBytes("answer"));
        }

        boolean isContinuable() {
            return status.equals("completed") || status.equals("incomplete");
        }
    }
}
