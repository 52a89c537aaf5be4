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

    private static final String OF_SOURCE = " WHERE tenant_id = ? AND source_id = ?";

    private final Transactions transactions;

    SourceHosts(Transactions transactions) {
        this.transactions = transactions;
    }

    /// @param isRefusal whether the host gave no answer to what it was asked
    record Pause(String host, Duration length, boolean isRefusal) {}

    /// How often in a row the host has refused by now.
    int pause(Connection connection, Source source, Pause pause) throws SQLException {
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

    /// How long all that have documents left for this run are left alone; empty when none has.
    Optional<Duration> pause(Source source) {
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
