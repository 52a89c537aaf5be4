package dev.parley.function;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.invocation.Deadline;
import dev.parley.invocation.Deadlines;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// Hands a request from API Gateway to the application's own HTTP stack, and its answer back.
///
/// A streamed answer is held one buffer at a time: a slow client makes the application wait.
@ApplicationScoped
class HttpInvocations {

    private static final int BUFFER_BYTES = 16 * 1024;
    private static final Duration LAST_MOMENT = Duration.ofMillis(250);

    private final Application application;
    private final Deadlines deadlines;
    private final FunctionConfig config;
    private final ObjectMapper json;

    HttpInvocations(Application application, Deadlines deadlines, FunctionConfig config, ObjectMapper json) {
        this.application = application;
        this.deadlines = deadlines;
        this.config = config;
        this.json = json;
    }

    /// @throws IOException when the Runtime API could not be told the outcome
    void serve(Invocation invocation, ApiGatewayEvent event, Deadline deadline, RuntimeApi api) throws IOException {
        String id = deadlines.open(deadline, logFields(invocation, event));
        try (var exchange = ask(invocation, event, id, deadline)) {
            switch (config.responseMode()) {
                case STREAM -> stream(exchange, api.stream(invocation, prelude(exchange), limit(deadline)));
                case BUFFERED -> api.respond(invocation, whole(exchange));
            }
        } catch (Unserved unserved) {
            api.fail(invocation, unserved.failure);
        } finally {
            deadlines.close(id);
        }
    }

    private static Map<String, String> logFields(Invocation invocation, ApiGatewayEvent event) {
        var fields = new LinkedHashMap<>(event.logFields());
        fields.put("aws_request_id", invocation.id());
        invocation.traceId().ifPresent(trace -> fields.put("xray_trace_id", trace));
        return fields;
    }

    private Application.Exchange ask(Invocation invocation, ApiGatewayEvent event, String id, Deadline deadline)
            throws Unserved {
        HttpRequest request;
        byte[] content;
        try {
            content = event.content();
            request = event.request(id, invocation.traceId(), config.basePath(), content.length);
        } catch (IllegalArgumentException unreadable) {
            throw new Unserved(FunctionFailure.unreadableEvent(), unreadable);
        }
        try {
            return application.ask(request, content, deadline);
        } catch (IOException failure) {
            throw new Unserved(FunctionFailure.noAnswer(failure), failure);
        }
    }

    private byte[] prelude(Application.Exchange exchange) throws IOException {
        return json.writeValueAsBytes(Prelude.of(exchange.answer()));
    }

    /// With its process still alive, and some time for what is to leave it.
    private static Duration limit(Deadline deadline) {
        return deadline.leftInAll().minus(LAST_MOMENT);
    }

    private static void stream(Application.Exchange exchange, StreamedResponse begun) throws IOException {
        try (begun) {
            copy(exchange, begun);
        }
    }

    private byte[] whole(Application.Exchange exchange) throws Unserved {
        try {
            byte[] document = json.writeValueAsBytes(BufferedAnswer.of(exchange));
            return document.length <= BufferedAnswer.MOST_BYTES
                    ? document
                    : json.writeValueAsBytes(BufferedAnswer.tooLarge(json));
        } catch (IOException brokenOff) {
            throw new Unserved(FunctionFailure.brokenOff(brokenOff), brokenOff);
        }
    }

    private static void copy(Application.Exchange exchange, StreamedResponse response) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        while (true) {
            int length;
            try {
                length = exchange.read(buffer);
            } catch (IOException brokenOff) {
                response.fail(FunctionFailure.brokenOff(brokenOff));
                return;
            }
            if (length < 0) {
                response.end();
                return;
            }
            response.write(buffer, length);
        }
    }

    /// There is nothing to respond with, so the failure goes to Lambda as an error.
    private static final class Unserved extends Exception {

        private final transient FunctionFailure failure;

        Unserved(FunctionFailure failure, Exception cause) {
            super(failure.type(), cause);
            this.failure = failure;
        }
    }
}
