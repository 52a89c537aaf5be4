package dev.parley.chat;

import dev.parley.job.Housekeeping;
import dev.parley.postgres.ContentCodec;
import dev.parley.postgres.Json;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/// Answers by what was asked, until they expire. One round trip to look, one to keep.
@ApplicationScoped
class AnswerCache implements Housekeeping {

    private static final Logger LOG = Logger.getLogger(AnswerCache.class);
    private static final Duration INTERVAL = Duration.ofMinutes(10);
    private static final int BATCH = 2000;

    static final String FIND = "SELECT answer FROM cached_answers WHERE tenant_id = ? AND key = ? AND expires_at > ?";

    private static final String KEEP = """
            INSERT INTO cached_answers (tenant_id, key, answer, expires_at) VALUES (?, ?, ?, ?)
            ON CONFLICT (tenant_id, key) DO UPDATE SET answer = excluded.answer, expires_at = excluded.expires_at""";

    private final Transactions transactions;
    private final ContentCodec codec;
    private final Json json;
    private final Clock clock;

    AnswerCache(Transactions transactions, ContentCodec codec, Json json, Clock clock) {
        this.transactions = transactions;
        this.codec = codec;
        this.json = json;
        this.clock = clock;
    }

    Optional<CachedAnswer> find(TenantId tenant, byte[] key) {
        return transactions.list(tenant, FIND, row -> row.getBytes("answer"), tenant, key, clock.instant()).stream()
                .findFirst()
                .map(answer -> CachedAnswer.decode(json, codec.decode(tenant, answer)));
    }

    /// Never fails: an answer that cannot be kept is an answer all the same.
    void keep(TenantId tenant, byte[] key, CachedAnswer answer, Duration ttl) {
        try {
            byte[] encoded = codec.encode(tenant, json.write(answer));
            Instant expiry = clock.instant().plus(ttl);
            transactions.runInTenant(tenant, connection -> Sql.update(connection, KEEP, tenant, key, encoded, expiry));
        } catch (Problem | IllegalStateException failure) {
            LOG.warnf("An answer was not cached: %s", failure.getMessage());
        }
    }

    @Override
    public String name() {
        return "expire-cached-answers";
    }

    @Override
    public Duration interval() {
        return INTERVAL;
    }

    @Override
    public boolean run() {
        long deleted = transactions.withoutTenant(
                connection -> Sql.first(connection, "SELECT expire_cached_answers(?)", row -> row.getLong(1), BATCH)
                        .orElse(0L));
        return deleted == BATCH;
    }
}
