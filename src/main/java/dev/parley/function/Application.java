package dev.parley.function;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.invocation.Deadline;
import dev.parley.problem.ErrorEnvelope;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import io.quarkus.vertx.http.HttpServer;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;

/// This process's own HTTP server, as its client.
@ApplicationScoped
class Application {

    /// What is kept to tell API Gateway that nothing (more) comes.
    private static final Duration LAST_WORD = Duration.ofMillis(500);

    private static final Logger LOG = Logger.getLogger(Application.class);

    private final HttpServer server;
    private final ObjectMapper json;

    Application(HttpServer server, ObjectMapper json) {
        this.server = server;
        this.json = json;
    }

    /// Returns once the answer has begun. One that does not begin before the deadline is told as 504.
    Exchange ask(HttpRequest request, byte[] content, Deadline deadline) throws IOException {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
        HttpExchange connection = HttpExchange.connect(address);
        connection.closeAfter(deadline.leftInAll().minus(LAST_WORD));
        try {
            send(connection, request, content);
            return new Exchange(connection, head(connection));
        } catch (IOException failure) {
            connection.close();
            throw failure;
        }
    }

    /// An application that refuses a request answers before it has read all of it, and closes: the answer is there.
    private static void send(HttpExchange connection, HttpRequest request, byte[] content) {
        try {
            connection.send(request, content);
        } catch (IOException unread) {
            LOG.debugf("A request was not read to its end: %s", unread.getMessage());
        }
    }

    private HttpAnswer head(HttpExchange connection) throws IOException {
        try {
            return connection.answer();
        } catch (IOException failure) {
            if (connection.isLate()) {
                return outOfTime();
            }
            throw failure;
        }
    }

    private HttpAnswer outOfTime() throws IOException {
        byte[] body = json.writeValueAsBytes(ErrorEnvelope.of(Problem.of(
                ProblemKind.TIMED_OUT, Deadline.REACHED, "The request took longer than this function may run.")));
        return new HttpAnswer(
                ProblemKind.TIMED_OUT.status(),
                List.of(new Header("Content-Type", "application/json")),
                new ByteArrayInputStream(body));
    }

    /// A request and its answer, once that has begun.
    record Exchange(HttpExchange connection, HttpAnswer answer) implements Closeable {

        /// What was written together, as one; -1 at the end.
        ///
        /// @throws IOException when the answer breaks off, or goes on for too long
        int read(byte[] buffer) throws IOException {
            return answer.body().read(buffer);
        }

        @Override
        public void close() throws IOException {
            connection.close();
        }
    }
}
