package dev.parley.function;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.vertx.http.HttpServerStart;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/// Takes invocations from Lambda, one after the other, for as long as the process lives; several at once where Lambda
/// hands out several.
///
/// It begins when the application's own HTTP server listens, and only where there is a Runtime API.
@ApplicationScoped
class FunctionRuntime {

    private static final Logger LOG = Logger.getLogger(FunctionRuntime.class);
    private static final Duration LAST_ANSWER = Duration.ofSeconds(10);

    private final FunctionConfig config;
    private final Invocations invocations;
    private volatile List<Loop> loops = List.of();

    FunctionRuntime(FunctionConfig config, Invocations invocations) {
        this.config = config;
        this.invocations = invocations;
    }

    void start(@ObservesAsync HttpServerStart listening) {
        config.runtimeApi().ifPresent(this::start);
    }

    /// What takes invocations is built before the first is asked for: a failure then is one of the start.
    private void start(String endpoint) {
        try {
            invocations.prepare();
            loops = Stream.generate(() -> new Loop(new RuntimeApi(endpoint)))
                    .limit(Math.max(1, config.concurrency()))
                    .toList();
            loops.forEach(loop -> loop.thread.start());
        } catch (RuntimeException | Error failure) {
            LOG.error("This process cannot take invocations", failure);
            Main.reportStart(endpoint, failure);
            Quarkus.asyncExit(1);
        }
    }

    /// Takes no further invocation and gives the current ones time to get their answers out.
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        loops.forEach(Loop::stop);
        long deadline = System.nanoTime() + LAST_ANSWER.toNanos();
        for (Loop loop : loops) {
            loop.thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        }
    }

    private final class Loop implements Runnable {

        private final RuntimeApi api;
        private final Thread thread =
                Thread.ofVirtual().name("lambda-invocations").unstarted(this);
        private volatile boolean stopping;

        Loop(RuntimeApi api) {
            this.api = api;
        }

        void stop() {
            stopping = true;
            api.close();
        }

        @Override
        public void run() {
            try {
                while (!stopping) {
                    invocations.serve(api.next(), api);
                }
            } catch (IOException lost) {
                if (!stopping) {
                    // Without the Runtime API there is no more work: Lambda replaces a process that ends.
                    LOG.error("Lost the Lambda Runtime API", lost);
                    Quarkus.asyncExit(1);
                }
            } catch (InterruptedException stopped) {
                LOG.debug("No more invocations");
            } catch (RuntimeException | Error failure) {
                // A loop that ended unseen would leave a process that looks alive and answers nothing.
                LOG.error("Invocations cannot be taken any more", failure);
                Quarkus.asyncExit(1);
            }
        }
    }
}
