package dev.parley.invocation;

import io.quarkus.arc.Arc;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.MDC;

/// The invocations that came as HTTP requests, from their beginning to their end: the way from Lambda's side of this
/// process to the request that the application sees.
@ApplicationScoped
public class Deadlines {

    /// Names the invocation, by an id that only this process knows.
    public static final String HEADER = "parley-invocation";

    private static final String KEY = Deadline.class.getName();
    private static final int AFTER_REQUEST_IDS = 900;

    private final Map<String, Invoked> open = new ConcurrentHashMap<>();
    private final CurrentVertxRequest current;

    Deadlines(CurrentVertxRequest current) {
        this.current = current;
    }

    /// @param logFields what every log line of the request tells of its invocation
    private record Invoked(Deadline deadline, Map<String, String> logFields) {}

    /// @return what the request's [#HEADER] is to say
    public String open(Deadline deadline, Map<String, String> logFields) {
        String id = UUID.randomUUID().toString();
        open.put(id, new Invoked(deadline, logFields));
        return id;
    }

    public void close(String id) {
        open.remove(id);
    }

    /// The deadline of the invocation that brought this request; none where nothing did.
    public static Deadline of(RoutingContext request) {
        Deadline deadline = request.get(KEY);
        return deadline == null ? Deadline.NONE : deadline;
    }

    /// That of the request which this thread serves; none where it serves none.
    public Deadline current() {
        if (!Arc.container().requestContext().isActive()) {
            return Deadline.NONE;
        }
        RoutingContext request = current.getCurrent();
        return request == null ? Deadline.NONE : of(request);
    }

    void register(@Observes Filters filters) {
        filters.register(this::find, AFTER_REQUEST_IDS);
    }

    private void find(RoutingContext request) {
        String id = open.isEmpty() ? null : request.request().getHeader(HEADER);
        Invoked invoked = id == null ? null : open.get(id);
        if (invoked != null) {
            request.put(KEY, invoked.deadline);
            invoked.logFields.forEach(MDC::put);
        }
        request.next();
    }
}
