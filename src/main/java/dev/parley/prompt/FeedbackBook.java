package dev.parley.prompt;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.parley.postgres.ContentCodec;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Json;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What people think of answers, and of the prompt versions that led to them.
@ApplicationScoped
class FeedbackBook {

    /// A response that was deleted or not stored is nobody's any more; a chat completion is never stored, and is
    /// known for as long as its turn is.
    private static final String PUT = """
            INSERT INTO turn_feedback (tenant_id, turn_id, key_id, user_id, score, labels, comment, prompt_id, version,
                                       created_at, updated_at)
            SELECT t.tenant_id, t.id, ?, ?, ?, ?, ?, p.prompt_id, p.version, ?, ?
              FROM turns t LEFT JOIN turn_prompts p ON p.tenant_id = t.tenant_id AND p.turn_id = t.id
             WHERE t.tenant_id = ? AND t.id = ? AND t.kind = ? AND (t.stored OR t.kind = 'chat_completion')
            ON CONFLICT (tenant_id, turn_id, key_id, user_id) DO UPDATE SET
                score = excluded.score, labels = excluded.labels, comment = excluded.comment,
                updated_at = excluded.updated_at
            RETURNING prompt_id, version""";

    private static final String DELETE =
            "DELETE FROM turn_feedback WHERE tenant_id = ? AND turn_id = ? AND key_id = ? AND user_id = ?";

    private static final String COUNT = """
            SELECT count(*) AS total, count(*) FILTER (WHERE score > 0) AS up, count(*) FILTER (WHERE score < 0) AS down,
                   avg(score) AS average, coalesce((
                     SELECT jsonb_object_agg(name, times) FROM (
                       SELECT name, count(*) AS times FROM turn_feedback f, unnest(f.labels) AS name
                        WHERE f.tenant_id = ? AND f.prompt_id = ? AND f.version = ?
                        GROUP BY name ORDER BY times DESC, name LIMIT 100) most), '{}')::text AS labels
              FROM turn_feedback WHERE tenant_id = ? AND prompt_id = ? AND version = ?""";

    private static final TypeReference<Map<String, Long>> COUNTS = new TypeReference<>() {};

    private final Transactions transactions;
    private final ContentCodec codec;
    private final Json json;
    private final Clock clock;

    FeedbackBook(Transactions transactions, ContentCodec codec, Json json, Clock clock) {
        this.transactions = transactions;
        this.codec = codec;
        this.json = json;
        this.clock = clock;
    }

    /// Puts an opinion in the place of the one that the same caller and user had before.
    ///
    /// @throws Problem (404) when the tenant has no such answer
    Feedback put(TenantId tenant, String answer, Opinion opinion, Feedback.Rater rater) {
        Rated rated = rated(answer);
        Instant now = clock.instant();
        byte[] comment = opinion.comment() == null ? null : codec.encode(tenant, opinion.comment());
        Optional<Feedback.RatedAnswer> found = transactions.inTenant(
                tenant,
                connection -> Sql.first(
                        connection,
                        PUT,
                        row -> new Feedback.RatedAnswer(answer, prompted(row)),
                        rater.key(),
                        rater.user(),
                        opinion.score(),
                        opinion.labels(),
                        comment,
                        now,
                        now,
                        tenant,
                        rated.turn,
                        rated.kind));
        return Feedback.of(found.orElseThrow(() -> Problem.notFound("response", answer)), opinion, rater, now);
    }

    /// @throws Problem (404) when there is none of this caller and user
    void delete(TenantId tenant, String answer, Feedback.Rater rater) {
        int deleted = transactions.inTenant(
                tenant,
                connection -> Sql.update(connection, DELETE, tenant, rated(answer).turn, rater.key(), rater.user()));
        if (deleted == 0) {
            throw Problem.notFound("feedback", answer);
        }
    }

    FeedbackCounts counts(TenantId tenant, UUID prompt, int version) {
        return transactions
                .list(
                        tenant,
                        COUNT,
                        row -> counts(prompt, version, row),
                        tenant,
                        prompt,
                        version,
                        tenant,
                        prompt,
                        version)
                .getFirst();
    }

    private FeedbackCounts counts(UUID prompt, int version, ResultSet row) throws SQLException {
        return new FeedbackCounts(
                "prompt.feedback",
                PromptRef.format(prompt),
                version,
                row.getLong("total"),
                row.getLong("up"),
                row.getLong("down"),
                row.getObject("average", Double.class),
                json.read(row.getString("labels"), COUNTS));
    }

    private static Feedback.@Nullable Prompted prompted(ResultSet row) throws SQLException {
        UUID prompt = row.getObject("prompt_id", UUID.class);
        return prompt == null ? null : new Feedback.Prompted(PromptRef.format(prompt), row.getInt("version"));
    }

    private record Rated(UUID turn, String kind) {}

    /// Both kinds of answers have the id of their turn, each behind a prefix of its own.
    private static Rated rated(String answer) {
        return Stream.concat(
                        Ids.parse("resp_", answer).map(turn -> new Rated(turn, "response")).stream(),
                        Ids.parse("chatcmpl-", answer).map(turn -> new Rated(turn, "chat_completion")).stream())
                .findFirst()
                .orElseThrow(() -> Problem.notFound("response", answer));
    }
}
