package dev.parley.function;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.vertx.http.HttpServer;
import io.quarkus.vertx.http.HttpServerStart;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Takes invocations from Lambda one after the other, for as long as the process lives.
///
/// It begins when the application's own HTTP server listens, and only where there is a Runtime API.
@ApplicationScoped
class FunctionRuntime {

    private static final Logger LOG = Logger.getLogger(FunctionRuntime.class);
    private static final Duration LAST_ANSWER = Duration.ofSeconds(10);

    private final FunctionConfig config;
    private final ObjectMapper json;
    private final HttpServer server;
    private volatile @Nullable Loop loop;

    FunctionRuntime(FunctionConfig config, ObjectMapper json, HttpServer server) {
        this.config = config;
        this.json = json;
        this.server = server;
    }

    void start(@ObservesAsync HttpServerStart listening) {
        config.runtimeApi().ifPresent(endpoint -> {
            var app = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
            var api = new RuntimeApi(endpoint);
            var started = new Loop(api, new HttpBridge(app, api, json));
            loop = started;
            started.thread.start();
        });
    }

    /// Takes no further invocation and gives the current one time to get its answer out.
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        Loop running = loop;
        if (running != null) {
            running.stopping = true;
            running.api.close();
            running.thread.join(LAST_ANSWER);
        }
    }

    private static final class Loop implements Runnable {

        private final RuntimeApi api;
        private final HttpBridge bridge;
        private final Thread thread =
                Thread.ofVirtual().name("lambda-invocations").unstarted(this);
        private volatile boolean stopping;

        Loop(RuntimeApi api, HttpBridge bridge) {
            this.api = api;
            this.bridge = bridge;
        }

        @Override
        public void run() {
            try {
                while (!stopping) {
                    serve(api.next());
                }
            } catch (IOException lost) {
                if (!stopping) {
                    // Without the Runtime API there is no more work: Lambda replaces a process that ends.
                    LOG.error("Lost the Lambda Runtime API", lost);
                    Quarkus.asyncExit(1);
                }
            }
        }

        /// A failure of one invocation is that invocation's alone.
        private void serve(Invocation invocation) {
            try {
                bridge.serve(invocation);
            } catch (IOException | RuntimeException failure) {
                LOG.warnf(failure, "Could not answer invocation %s", invocation.id());
            }
        }
    }
}
