package dev.parley.prompt;

import dev.parley.postgres.ContentCodec;
import dev.parley.postgres.Json;
import dev.parley.postgres.Sha256;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The versions of prompts. They are added, and that is all that ever happens to them.
@ApplicationScoped
class PromptVersions {

    /// One statement: the number is raised under the prompt's lock, and what it is raised from is read under it.
    private static final String ADD = """
            WITH next AS (
                UPDATE prompts SET latest = latest + 1, latest_digest = ?, revision = revision + 1
                 WHERE tenant_id = ? AND (id = ? OR name = ?) AND archived_at IS NULL
                   AND latest_digest IS DISTINCT FROM ? AND revision = coalesce(?::bigint, revision)
                RETURNING tenant_id, id, latest)
            INSERT INTO prompt_versions (tenant_id, prompt_id, number, content, note, created_by, created_at)
            SELECT tenant_id, id, latest, ?, ?, ?, ? FROM next RETURNING *""";

    private static final String SELECT = "SELECT * FROM prompt_versions WHERE tenant_id = ? AND prompt_id = ?";

    private final Transactions transactions;
    private final Prompts prompts;
    private final ContentCodec codec;
    private final Json json;
    private final Clock clock;

    PromptVersions(Transactions transactions, Prompts prompts, ContentCodec codec, Json json, Clock clock) {
        this.transactions = transactions;
        this.prompts = prompts;
        this.codec = codec;
        this.json = json;
        this.clock = clock;
    }

    /// The new version, or the latest one when that says the same.
    ///
    /// @throws Problem (404), or (409) when the prompt is not at the expected revision
    PromptVersion add(Author author, PromptRef prompt, NewVersion version) {
        TenantId tenant = author.tenant();
        byte[] digest = digest(version.content());
        Optional<PromptVersion> added = transactions.inTenant(
                tenant,
                connection -> Sql.first(
                        connection,
                        ADD,
                        row -> map(tenant, row),
                        digest,
                        tenant,
                        prompt.id(),
                        prompt.text(),
                        digest,
                        version.expectedRevision(),
                        codec.encode(tenant, json.write(version.content())),
                        encoded(tenant, version.note()),
                        author.key(),
                        clock.instant()));
        return added.orElseGet(() -> latest(tenant, prompt, version.expectedRevision()));
    }

    private PromptVersion latest(TenantId tenant, PromptRef prompt, @Nullable Long expectedRevision) {
        Prompt found = prompts.get(tenant, prompt);
        if (found.archivedAt() != null) {
            throw prompt.notFound();
        }
        if (expectedRevision != null && found.revision() != expectedRevision) {
            throw Prompts.moved(found);
        }
        return get(tenant, found, found.latest());
    }

    /// @throws Problem (404) that says which there are
    PromptVersion get(TenantId tenant, Prompt prompt, int number) {
        return transactions
                .list(tenant, SELECT + " AND number = ?", row -> map(tenant, row), tenant, prompt.id(), number)
                .stream()
                .findFirst()
                .orElseThrow(() -> Missing.version(prompt, number));
    }

    /// @param after a number; null to begin with the first
    record Cursor(@Nullable Integer after, boolean ascending, int limit) {

        private String sql() {
            return ascending
                    ? " AND number > ? ORDER BY number LIMIT ?"
                    : " AND number < ? ORDER BY number DESC LIMIT ?";
        }

        private int start() {
            return after != null ? after : ascending ? 0 : Integer.MAX_VALUE;
        }
    }

    /// One more than the page holds where there is one.
    List<PromptVersion> list(TenantId tenant, Prompt prompt, Cursor page) {
        return transactions.list(
                tenant, SELECT + page.sql(), row -> map(tenant, row), tenant, prompt.id(), page.start(), page.limit());
    }

    private PromptVersion map(TenantId tenant, ResultSet row) throws SQLException {
        byte[] note = row.getBytes("note");
        return new PromptVersion(
                Sql.uuid(row, "prompt_id"),
                row.getInt("number"),
                content(tenant, row.getBytes("content")),
                note == null ? null : codec.decode(tenant, note),
                Sql.uuid(row, "created_by"),
                Objects.requireNonNull(Sql.instant(row, "created_at")));
    }

    PromptContent content(TenantId tenant, byte[] content) {
        return json.read(codec.decode(tenant, content), PromptContent.class);
    }

    private byte @Nullable [] encoded(TenantId tenant, @Nullable String note) {
        return note == null ? null : codec.encode(tenant, note);
    }

    private byte[] digest(PromptContent content) {
        return Sha256.of(json.write(content));
    }
}
