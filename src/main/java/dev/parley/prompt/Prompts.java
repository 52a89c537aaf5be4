package dev.parley.prompt;

import dev.parley.identity.Scopes;
import dev.parley.postgres.DatabaseFailure;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Json;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A tenant's prompts with their labels.
@ApplicationScoped
class Prompts {

    private static final String SELECT =
            "SELECT p.*, " + Label.OF_PROMPT + " AS labels FROM prompts p" + " WHERE p.tenant_id = ?";

    /// An archived one is still known by its id: receipts name it.
    private static final String NAMED = " AND (p.id = ? OR p.name = ? AND p.archived_at IS NULL)";

    private static final String INSERT =
            "INSERT INTO prompts (tenant_id, id, name, created_by, created_at) VALUES (?, ?, ?, ?, ?)";

    private static final String LOCK = """
            SELECT p.id FROM prompts p
             WHERE p.tenant_id = ? AND (p.id = ? OR p.name = ?) AND p.archived_at IS NULL FOR NO KEY UPDATE""";

    private static final String ARCHIVE =
            "UPDATE prompts SET archived_at = ?, revision = revision + 1 WHERE tenant_id = ? AND id = ?";

    private final Transactions transactions;
    private final Json json;
    private final Clock clock;

    Prompts(Transactions transactions, Json json, Clock clock) {
        this.transactions = transactions;
        this.json = json;
        this.clock = clock;
    }

    /// @throws Problem (409) when another one has this name
    Prompt create(Author author, String name) {
        UUID id = Ids.next();
        try {
            return transactions.inTenant(author.tenant(), connection -> {
                Sql.update(connection, INSERT, author.tenant(), id, name, author.key(), clock.instant());
                return get(author.tenant(), new PromptRef(id, name));
            });
        } catch (DatabaseFailure failure) {
            throw failure.isDuplicate() ? taken(name) : failure;
        }
    }

    /// @throws Problem (404) when the tenant has no such prompt
    Prompt get(TenantId tenant, PromptRef prompt) {
        return transactions.list(tenant, SELECT + NAMED, this::map, tenant, prompt.id(), prompt.text()).stream()
                .findFirst()
                .orElseThrow(prompt::notFound);
    }

    /// Those that are not archived, one more than the page holds where there is one.
    List<Prompt> list(TenantId tenant, @Nullable UUID after, boolean ascending, int limit) {
        String page = " AND p.archived_at IS NULL"
                + (ascending ? " AND p.id > ? ORDER BY p.id LIMIT ?" : " AND p.id < ? ORDER BY p.id DESC LIMIT ?");
        UUID start = after != null ? after : ascending ? new UUID(0, 0) : new UUID(-1, -1);
        return transactions.list(tenant, SELECT + page, this::map, tenant, start, limit);
    }

    /// The prompt as it stands, which nobody else changes until the transaction ends.
    ///
    /// @param expectedRevision null for any
    /// @throws Problem (404) when there is none that can be changed, (409) when it is not as expected
    Prompt lock(Connection connection, TenantId tenant, PromptRef prompt, @Nullable Long expectedRevision)
            throws SQLException {
        UUID id = Sql.first(connection, LOCK, row -> Sql.uuid(row, "id"), tenant, prompt.id(), prompt.text())
                .orElseThrow(prompt::notFound);
        Prompt locked = get(tenant, new PromptRef(id, prompt.text()));
        if (expectedRevision != null && locked.revision() != expectedRevision) {
            throw moved(locked);
        }
        return locked;
    }

    /// No turn can use it from then on, and its name is free. What it said stays, for those who ask what a turn
    /// used.
    ///
    /// @throws Problem (404), or (403) when it has protected labels that the author may not move
    void archive(Author author, PromptRef prompt) {
        transactions.runInTenant(author.tenant(), connection -> {
            Prompt locked = lock(connection, author.tenant(), prompt, null);
            boolean isReleased = locked.labels().stream().anyMatch(Label::isProtected);
            if (isReleased && !author.scopes().contains(Scopes.RELEASE)) {
                throw forbidden("This prompt has protected labels: archiving it");
            }
            Sql.update(connection, ARCHIVE, clock.instant(), author.tenant(), locked.id());
        });
    }

    static Problem moved(Prompt now) {
        return Problem.of(
                ProblemKind.CONFLICT,
                "prompt_changed",
                "The prompt '%s' was changed meanwhile: its revision is %d.".formatted(now.name(), now.revision()));
    }

    static Problem forbidden(String what) {
        return Problem.of(
                ProblemKind.FORBIDDEN,
                "insufficient_permissions",
                "%s needs a key with the scope '%s'.".formatted(what, Scopes.RELEASE));
    }

    private static Problem taken(String name) {
        return Problem.of(
                ProblemKind.CONFLICT, "prompt_exists", "There is a prompt with the name '%s' already.".formatted(name));
    }

    private Prompt map(ResultSet row) throws SQLException {
        return new Prompt(
                Sql.uuid(row, "id"),
                row.getString("name"),
                row.getInt("latest"),
                row.getLong("revision"),
                json.read(row.getString("labels"), Label.LIST),
                Sql.uuid(row, "created_by"),
                Objects.requireNonNull(Sql.instant(row, "created_at")),
                Sql.instant(row, "archived_at"));
    }
}
