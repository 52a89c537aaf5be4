package dev.parley.prompt;

import dev.parley.identity.Scopes;
import dev.parley.postgres.ContentCodec;
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
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Moves labels, and remembers who moved them and why.
@ApplicationScoped
class PromptLabels {

    private static final String PUT = """
            INSERT INTO prompt_labels (tenant_id, prompt_id, label, is_protected, sticky) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (tenant_id, prompt_id, label) DO UPDATE
               SET is_protected = excluded.is_protected, sticky = excluded.sticky""";

    private static final String CLEAR =
            "DELETE FROM prompt_label_shares WHERE tenant_id = ? AND prompt_id = ? AND label = ?";

    private static final String SHARE = """
            INSERT INTO prompt_label_shares (tenant_id, prompt_id, label, version, first_bucket, end_bucket)
            VALUES (?, ?, ?, ?, ?, ?)""";

    private static final String DELETE =
            "DELETE FROM prompt_labels WHERE tenant_id = ? AND prompt_id = ? AND label = ?";

    private static final String NOTE = """
            WITH changed AS (UPDATE prompts SET revision = revision + 1 WHERE tenant_id = ? AND id = ?)
            INSERT INTO prompt_label_changes (tenant_id, id, prompt_id, label, target, note, changed_by, changed_at)
            VALUES (?, ?, ?, ?, ?::jsonb, ?, ?, ?)""";

    private static final String HISTORY = """
            SELECT * FROM prompt_label_changes WHERE tenant_id = ? AND prompt_id = ? AND label = ? AND id < ?
             ORDER BY id DESC LIMIT ?""";

    private static final int MAX_LABELS = 100;

    private final Transactions transactions;
    private final Prompts prompts;
    private final ContentCodec codec;
    private final Json json;
    private final Clock clock;

    PromptLabels(Transactions transactions, Prompts prompts, ContentCodec codec, Json json, Clock clock) {
        this.transactions = transactions;
        this.prompts = prompts;
        this.codec = codec;
        this.json = json;
        this.clock = clock;
    }

    /// The prompt with its label moved. Where it points there already, nothing changes.
    ///
    /// @throws Problem (404) for a version that does not exist, (403) without the scope, (409) when the prompt is
    /// not at the expected revision
    Prompt move(Author author, PromptRef prompt, String label, LabelMove move) {
        TenantId tenant = author.tenant();
        return transactions.inTenant(tenant, connection -> {
            Prompt locked = prompts.lock(connection, tenant, prompt, move.expectedRevision());
            Optional<Label> before = locked.label(label);
            Label after = after(locked, label, move, before.orElse(null));
            check(author, label, before.isPresent() && before.get().isProtected() || after.isProtected());
            if (before.filter(after::equals).isPresent()) {
                return locked;
            }
            checkRoom(locked, before);
            write(connection, tenant, locked, after);
            note(connection, author, new Change(locked.id(), label, LabelTarget.of(after), move.note()));
            return prompts.get(tenant, new PromptRef(locked.id(), locked.name()));
        });
    }

    private static Label after(Prompt prompt, String label, LabelMove move, @Nullable Label before) {
        move.sizes().keySet().stream()
                .filter(version -> version > prompt.latest())
                .findFirst()
                .ifPresent(version -> {
                    throw Missing.version(prompt, version);
                });
        boolean isProtected = before == null ? label.equals(Label.PRODUCTION) : before.isProtected();
        Sticky sticky = before == null ? Sticky.CONVERSATION : before.sticky();
        return new Label(
                label,
                move.isProtected() == null ? isProtected : move.isProtected(),
                move.sticky() == null ? sticky : move.sticky(),
                Split.of(move.sizes(), before == null ? List.of() : before.shares()));
    }

    private static void check(Author author, String label, boolean isProtected) {
        if (isProtected && !author.scopes().contains(Scopes.RELEASE)) {
            throw Prompts.forbidden("The label '%s' is protected: moving it".formatted(label));
        }
        if (!isProtected && !author.scopes().contains(Scopes.PROMPTS)) {
            throw Problem.of(
                    ProblemKind.FORBIDDEN,
                    "insufficient_permissions",
                    "Moving labels that are not protected needs a key with the scope '%s'.".formatted(Scopes.PROMPTS));
        }
    }

    private static void checkRoom(Prompt prompt, Optional<Label> before) {
        if (before.isEmpty() && prompt.labels().size() >= MAX_LABELS) {
            throw Problem.of(
                    ProblemKind.INVALID_REQUEST,
                    "too_many_labels",
                    "A prompt has at most %d labels.".formatted(MAX_LABELS));
        }
    }

    private static void write(Connection connection, TenantId tenant, Prompt prompt, Label label) throws SQLException {
        String name = label.name();
        Sql.update(
                connection,
                PUT,
                tenant,
                prompt.id(),
                name,
                label.isProtected(),
                label.sticky().code());
        Sql.update(connection, CLEAR, tenant, prompt.id(), name);
        List<@Nullable Object[]> rows = label.shares().stream()
                .map(share ->
                        new @Nullable Object[] {tenant, prompt.id(), name, share.version(), share.first(), share.end()})
                .toList();
        Sql.batch(connection, SHARE, rows);
    }

    /// @throws Problem (404), (403), (409) as [#move]
    void delete(Author author, PromptRef prompt, String label, @Nullable Long expectedRevision) {
        TenantId tenant = author.tenant();
        transactions.runInTenant(tenant, connection -> {
            Prompt locked = prompts.lock(connection, tenant, prompt, expectedRevision);
            Label found = locked.label(label).orElseThrow(() -> Missing.label(locked, label));
            check(author, label, found.isProtected());
            Sql.update(connection, DELETE, tenant, locked.id(), label);
            note(connection, author, new Change(locked.id(), label, null, null));
        });
    }

    private record Change(
            UUID prompt,
            String label,
            @Nullable LabelTarget target,
            @Nullable String note) {}

    private void note(Connection connection, Author author, Change change) throws SQLException {
        TenantId tenant = author.tenant();
        Sql.update(
                connection,
                NOTE,
                tenant,
                change.prompt,
                tenant,
                Ids.next(),
                change.prompt,
                change.label,
                change.target == null ? null : json.write(change.target),
                change.note == null ? null : codec.encode(tenant, change.note),
                author.key(),
                clock.instant());
    }

    /// The moves of a label, last ones first, one more than the limit where there is one.
    List<LabelChange> history(TenantId tenant, Prompt prompt, String label, HistoryPage page) {
        UUID start = page.after() == null ? new UUID(-1, -1) : page.after();
        return transactions.list(
                tenant, HISTORY, row -> change(tenant, row), tenant, prompt.id(), label, start, page.limit());
    }

    record HistoryPage(@Nullable UUID after, int limit) {}

    private LabelChange change(TenantId tenant, ResultSet row) throws SQLException {
        String target = row.getString("target");
        byte[] note = row.getBytes("note");
        return new LabelChange(
                Sql.uuid(row, "id"),
                target == null ? null : json.read(target, LabelTarget.class),
                note == null ? null : codec.decode(tenant, note),
                Sql.uuid(row, "changed_by"),
                Objects.requireNonNull(Sql.instant(row, "changed_at")));
    }
}
