package dev.parley.usage;

import dev.parley.identity.Callers;
import dev.parley.identity.Scopes;
import dev.parley.problem.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.time.Clock;
import java.util.List;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// `/v1/usage`: what a tenant used and what it cost, by day.
@Path("/v1/usage")
@RolesAllowed(Scopes.ADMIN)
@RunOnVirtualThread
class UsageResource {

    private static final String DAY = "1d";

    private final Ledger ledger;
    private final Callers callers;
    private final Clock clock;

    UsageResource(Ledger ledger, Callers callers, Clock clock) {
        this.ledger = ledger;
        this.callers = callers;
        this.clock = clock;
    }

    /// @param startTime Unix seconds, as is `endTime`; the whole UTC days are shown that lie between them in part
    @GET
    public UsagePage get(
            @RestQuery("start_time") @Nullable String startTime,
            @RestQuery("end_time") @Nullable String endTime,
            @RestQuery("group_by") List<String> groupBy,
            @RestQuery("bucket_width") @DefaultValue(DAY) String bucketWidth) {
        if (!bucketWidth.equals(DAY)) {
            throw Problem.unsupported("bucket_width", "'bucket_width' must be '1d'.");
        }
        Days days = Days.touchedBy(seconds("start_time", startTime), seconds("end_time", endTime), clock.instant());
        return UsagePage.of(ledger.byDay(callers.current().tenant(), days, Grouping.read(groupBy)));
    }

    private static @Nullable Long seconds(String param, @Nullable String text) {
        try {
            return text == null ? null : Long.valueOf(text);
        } catch (NumberFormatException notANumber) {
            throw Problem.invalid(param, "'%s' must be a Unix time in seconds.".formatted(param));
        }
    }
}
