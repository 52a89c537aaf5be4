package dev.parley.telemetry;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Objects;
import org.jboss.logging.MDC;

/// Gives every HTTP request an id: in the `x-request-id` header of the answer, whatever its status, and in the logs
/// as `request_id`.
@ApplicationScoped
public class RequestIds {

    static final String HEADER = "x-request-id";
    static final String LOG_FIELD = "request_id";
    private static final int BEFORE_EVERYTHING = 1000;

    private final TimeBasedEpochGenerator generator = Generators.timeBasedEpochGenerator();

    void register(@Observes Filters filters) {
        filters.register(this::assign, BEFORE_EVERYTHING);
    }

    /// The id this request was given.
    public static String of(RoutingContext request) {
        return Objects.requireNonNull(request.response().headers().get(HEADER));
    }

    private void assign(RoutingContext request) {
        String id = "req_" + generator.generate().toString().replace("-", "");
        request.response().putHeader(HEADER, id);
        MDC.put(LOG_FIELD, id);
        request.next();
    }
}
