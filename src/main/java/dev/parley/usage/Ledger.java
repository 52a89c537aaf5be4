package dev.parley.usage;

import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a tenant spent, added up. A day is that of a turn's admission, as in its budgets.
@ApplicationScoped
class Ledger {

    private final Transactions transactions;

    Ledger(Transactions transactions) {
        this.transactions = transactions;
    }

    private record Line(long day, UsageResult result) {

        static Line of(ResultSet row) throws SQLException {
            return new Line(row.getLong("day"), UsageResult.of(row));
        }
    }

    /// Every day of them, the empty ones too.
    List<UsagePage.Bucket> byDay(TenantId tenant, Days days, Set<Grouping> groupings) {
        List<Line> lines = transactions.inTenant(
                tenant,
                connection -> Sql.list(
                        connection,
                        sql(groupings),
                        Line::of,
                        tenant,
                        Days.leastId(days.start()),
                        Days.leastId(days.end())));
        Map<Long, List<UsageResult>> results = new LinkedHashMap<>();
        lines.forEach(line ->
                results.computeIfAbsent(line.day, _ -> new ArrayList<>()).add(line.result));
        return days.each().stream()
                .map(day -> new UsagePage.Bucket(
                        "bucket",
                        day.getEpochSecond(),
                        day.plus(Days.ONE).getEpochSecond(),
                        results.getOrDefault(day.getEpochSecond(), List.of())))
                .toList();
    }

    /// Turns' ids hold their times, so days are one range of the key. A correction is no request of its own.
    static String sql(Set<Grouping> groupings) {
        return """
                SELECT turn_millis(turn_id) / 86400000 * 86400 AS day, %s,
                       sum(input_tokens) AS input_tokens, sum(cached_tokens) AS cached_tokens,
                       sum(output_tokens) AS output_tokens, count(*) FILTER (WHERE line > 0) AS requests,
                       sum(cost_micros) AS cost_micros,
                       coalesce(sum(cost_micros) FILTER (WHERE estimated), 0) AS estimated_micros
                  FROM ledger WHERE tenant_id = ? AND turn_id >= ? AND turn_id < ?
                 GROUP BY %s ORDER BY day, cost_micros DESC""".formatted(columns(groupings), by(groupings));
    }

    private static String columns(Set<Grouping> groupings) {
        return Stream.of(Grouping.values())
                .map(each -> groupings.contains(each) ? each.column() : each.absent() + " AS " + each.column())
                .collect(Collectors.joining(", "));
    }

    private static String by(Set<Grouping> groupings) {
        return Stream.concat(Stream.of("1"), groupings.stream().map(Grouping::column))
                .collect(Collectors.joining(", "));
    }
}
