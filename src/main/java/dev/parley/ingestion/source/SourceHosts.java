package dev.parley.ingestion.source;

import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/// Hosts that a run leaves alone for a while. It is written down, for the next step may be another process'.
@ApplicationScoped
class SourceHosts {

    private static final String PAUSE = """
            INSERT INTO source_hosts (tenant_id, source_id, host, until, refusals)
            VALUES (?, ?, ?, now() + make_interval(secs => ?), ?)
            ON CONFLICT (tenant_id, source_id, host) DO UPDATE
                SET until = excluded.until, refusals = source_hosts.refusals + excluded.refusals
            RETURNING refusals""";

    private static final String UNTIL = """
            SELECT extract(epoch FROM min(h.until) - now())
              FROM source_documents d
              JOIN source_hosts h ON h.tenant_id = d.tenant_id AND h.source_id = d.source_id
                                 AND h.host = split_part(d.key, '/', 3)
             WHERE d.tenant_id = ? AND d.source_id = ? AND d.listed_run = ? AND d.checked_run < ?""";

    /// What was postponed comes last, and what was not looked at for longest first: were it always the same ones first,
    /// a few that never come could have their host given up before the others in every run.
    private static final String NEXT = """
             AND d.listed_run = ? AND d.checked_run < ?
             AND NOT EXISTS (SELECT 1 FROM source_hosts h
                              WHERE h.tenant_id = d.tenant_id AND h.source_id = d.source_id
                                AND h.host = split_part(d.key, '/', 3) AND h.until > now())
             ORDER BY d.postponed, d.checked_run, d.checked_at NULLS FIRST, d.id LIMIT 1""";

    /// Not `checked_at`: most of them were not looked at.
    private static final String GIVE_UP = """
            UPDATE source_documents SET checked_run = ?, looks = looks + 1, missed = 0, postponed = 0, error = ?
             WHERE tenant_id = ? AND source_id = ? AND listed_run = ? AND checked_run < ?
               AND split_part(key, '/', 3) = ?""";

    private static final String OF_SOURCE = " WHERE tenant_id = ? AND source_id = ?";

    private final SourceDocuments documents;
    private final Transactions transactions;

    SourceHosts(SourceDocuments documents, Transactions transactions) {
        this.documents = documents;
        this.transactions = transactions;
    }

    /// The next document that this run has to look at, of a host that is not left alone for now.
    Optional<SourceDocument> next(Source source) {
        long run = source.run().number();
        return documents.select(source, NEXT, run, run).stream().findFirst();
    }

    /// Fails all of a host that this run has not looked at. How many.
    int giveUp(Connection connection, Source source, String host, String why) throws SQLException {
        long run = source.run().number();
        return Sql.update(
                connection, GIVE_UP, run, why, source.id().tenant(), source.id().value(), run, run, host);
    }

    /// @param isRefusal whether the host gave no answer to what it was asked
    record Pause(String host, Duration length, boolean isRefusal) {}

    /// How often in a row the host has refused by now.
    int leaveAlone(Connection connection, Source source, Pause pause) throws SQLException {
        return Sql.first(
                        connection,
                        PAUSE,
                        row -> row.getInt(1),
                        source.id().tenant(),
                        source.id().value(),
                        pause.host,
                        pause.length.toMillis() / 1000.0,
                        pause.isRefusal ? 1 : 0)
                .orElseThrow();
    }

    void answered(Source source, String host) {
        transactions.runInTenant(
                source.id().tenant(),
                connection -> Sql.update(
                        connection,
                        "DELETE FROM source_hosts" + OF_SOURCE + " AND host = ?",
                        source.id().tenant(),
                        source.id().value(),
                        host));
    }

    void forget(Connection connection, Source source) throws SQLException {
        Sql.update(
                connection,
                "DELETE FROM source_hosts" + OF_SOURCE,
                source.id().tenant(),
                source.id().value());
    }

    /// Until one of those that have documents left for this run is left alone no longer; empty when none has.
    Optional<Duration> untilAny(Source source) {
        long run = source.run().number();
        return transactions.inTenant(source.id().tenant(), connection -> Sql.first(
                        connection,
                        UNTIL,
                        row -> Optional.ofNullable(row.getBigDecimal(1)),
                        source.id().tenant(),
                        source.id().value(),
                        run,
                        run)
                .orElseThrow()
                .map(seconds -> Duration.ofMillis(Math.max(0, (long) (seconds.doubleValue() * 1000)))));
    }
}
