package dev.parley.prompt;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.api.JsonField;
import dev.parley.postgres.DatabaseFailure;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Finds the version of a prompt that a turn is to use, and fills in its variables.
@ApplicationScoped
public class PromptUses {

    /// Everything in one statement: which version it is, and the notes that the conversation stays with it and
    /// that the turn used it.
    ///
    /// A turn that names no version gets the first that there is of: its conversation's, that of the turn it
    /// continues under the same label, its bucket's. Two first turns of a conversation agree: the later one's
    /// insert meets the other's row and returns what that says.
    static final String USE = """
            WITH asked AS MATERIALIZED (
                SELECT ?::uuid AS tenant_id, ?::uuid AS id, ?::text AS name, nullif(?::int, 0) AS version,
                       nullif(?, '') AS label, ?::uuid AS turn_id, nullif(?, '')::uuid AS conversation_id,
                       nullif(?, '')::uuid AS previous_id, nullif(?, '') AS user_id),
            chosen AS (
                SELECT a.*, p.id AS prompt_id, p.name AS prompt_name, stays.version IS NULL AS is_new,
                       coalesce(a.version, stays.version, goes_on.version, share.version) AS chosen
                  FROM asked a
                  JOIN prompts p ON p.tenant_id = a.tenant_id AND (p.id = a.id OR p.name = a.name)
                                AND p.archived_at IS NULL
                  LEFT JOIN conversation_prompts stays
                    ON stays.tenant_id = a.tenant_id AND stays.conversation_id = a.conversation_id
                   AND stays.prompt_id = p.id AND stays.label = a.label
                  LEFT JOIN turn_prompts goes_on
                    ON goes_on.tenant_id = a.tenant_id AND goes_on.turn_id = a.previous_id
                   AND goes_on.prompt_id = p.id AND goes_on.label = a.label
                  LEFT JOIN prompt_labels l
                    ON l.tenant_id = a.tenant_id AND l.prompt_id = p.id AND l.label = a.label
                  LEFT JOIN LATERAL (
                       SELECT coalesce(
                           prompt_bucket(p.id, a.label, CASE l.sticky
                               WHEN 'user' THEN a.user_id ELSE a.conversation_id::text END),
                           floor(random() * 10000)::int) AS bucket OFFSET 0) b ON true
                  LEFT JOIN prompt_label_shares share
                    ON share.tenant_id = a.tenant_id AND share.prompt_id = p.id AND share.label = l.label
                   AND b.bucket >= share.first_bucket AND b.bucket < share.end_bucket),
            pinned AS (
                INSERT INTO conversation_prompts AS pin (tenant_id, conversation_id, prompt_id, label, version)
                SELECT c.tenant_id, v.id, c.prompt_id, c.label, c.chosen
                  FROM chosen c JOIN conversations v ON v.tenant_id = c.tenant_id AND v.id = c.conversation_id
                 WHERE c.label IS NOT NULL AND c.is_new AND c.chosen IS NOT NULL
                ON CONFLICT (tenant_id, conversation_id, prompt_id, label) DO UPDATE SET version = pin.version
                RETURNING version),
            used AS (
                SELECT c.*, coalesce((SELECT version FROM pinned), c.chosen) AS used FROM chosen c),
            noted AS (
                INSERT INTO turn_prompts (tenant_id, turn_id, prompt_id, version, label)
                SELECT u.tenant_id, u.turn_id, u.prompt_id, v.number, u.label
                  FROM used u JOIN prompt_versions v
                    ON v.tenant_id = u.tenant_id AND v.prompt_id = u.prompt_id AND v.number = u.used)
            SELECT u.prompt_id, u.prompt_name, v.number, v.content
              FROM used u LEFT JOIN prompt_versions v
                ON v.tenant_id = u.tenant_id AND v.prompt_id = u.prompt_id AND v.number = u.used""";

    private static final int MAX_CACHED = 1000;

    private final Transactions transactions;
    private final Prompts prompts;
    private final PromptVersions versions;
    private final Cache<Key, PromptContent> cache =
            Caffeine.newBuilder().maximumSize(MAX_CACHED).build();

    PromptUses(Transactions transactions, Prompts prompts, PromptVersions versions) {
        this.transactions = transactions;
        this.prompts = prompts;
        this.versions = versions;
    }

    /// A version never changes.
    private record Key(TenantId tenant, UUID prompt, int version) {}

    /// What a turn gets, and the note that it used it: one round trip.
    ///
    /// @param reference OpenAI's `prompt` object, which may have a `label`
    /// @throws Problem (400) for variables that are missing, unknown or of another type, (404) for a prompt,
    /// version or label that does not exist
    public RenderedPrompt use(TenantId tenant, JsonField reference, Occasion occasion) {
        PromptReference asked = PromptReference.read(reference);
        Used used = find(tenant, asked, occasion);
        PromptContent content = used.content();
        return new RenderedPrompt(
                PromptRef.format(used.prompt()),
                used.name(),
                used.version(),
                asked.label(),
                content.render(asked.variables(), asked.at()),
                content.model(),
                content.settings(),
                content.tools(),
                content.knowledge());
    }

    private record Used(UUID prompt, String name, int version, PromptContent content) {}

    private Used find(TenantId tenant, PromptReference asked, Occasion occasion) {
        try {
            return transactions
                    .list(
                            tenant,
                            USE,
                            row -> map(tenant, row),
                            tenant,
                            asked.prompt().id(),
                            asked.prompt().text(),
                            asked.version() == null ? 0 : asked.version(),
                            asked.label() == null ? "" : asked.label(),
                            occasion.turn(),
                            text(occasion.conversation()),
                            text(occasion.previous()),
                            text(occasion.user()))
                    .stream()
                    .map(found -> found.orElseThrow(() -> missing(tenant, asked)))
                    .findFirst()
                    .orElseThrow(asked.prompt()::notFound);
        } catch (DatabaseFailure failure) {
            // Deleted between being seen and being referred to.
            throw failure.isDangling()
                    ? Problem.notFound("conversation", String.valueOf(occasion.conversation()))
                    : failure;
        }
    }

    /// The driver mistakes an untyped null behind the statement that sets the tenant.
    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    private Optional<Used> map(TenantId tenant, ResultSet row) throws SQLException {
        byte[] encoded = row.getBytes("content");
        if (encoded == null) {
            return Optional.empty();
        }
        UUID prompt = Sql.uuid(row, "prompt_id");
        int version = row.getInt("number");
        PromptContent content = Objects.requireNonNull(
                cache.get(new Key(tenant, prompt, version), _ -> versions.content(tenant, encoded)));
        return Optional.of(new Used(prompt, row.getString("prompt_name"), version, content));
    }

    private Problem missing(TenantId tenant, PromptReference asked) {
        Prompt prompt = prompts.get(tenant, asked.prompt());
        return asked.version() == null
                ? Missing.label(prompt, String.valueOf(asked.label()))
                : Missing.version(prompt, asked.version());
    }
}
