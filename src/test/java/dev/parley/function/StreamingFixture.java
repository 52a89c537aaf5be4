package dev.parley.function;

import dev.parley.invocation.Deadlines;
import dev.parley.invocation.Running;
import dev.parley.problem.BrokenOff;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// Answers that a test writes piece by piece.
@Path("/test/streams")
@RunOnVirtualThread
public class StreamingFixture {

    static final String END = "end";
    static final String BREAK = "break";
    static final int BLOCK = 64 * 1024;
    static final int BLOCKS = 1024;

    static final BlockingQueue<String> PIECES = new LinkedBlockingQueue<>();
    static final AtomicReference<CountDownLatch> LAGGING = new AtomicReference<>();
    static final AtomicLong WRITTEN = new AtomicLong();

    /// Writes each piece as the test hands it over.
    @GET
    @Path("/pieces")
    public Response pieces(@Context RoutingContext http) {
        return Response.ok(BrokenOff.by(http, StreamingFixture::write))
                .type("text/event-stream")
                .header("Set-Cookie", "a=1")
                .header("Set-Cookie", "b=2")
                .build();
    }

    /// 64 MiB as fast as they are taken.
    @GET
    @Path("/large")
    public Response large(@Context RoutingContext http) {
        return Response.ok(BrokenOff.by(http, out -> {
                    for (int i = 0; i < BLOCKS; i++) {
                        out.write(new byte[BLOCK]);
                        out.flush();
                        WRITTEN.addAndGet(BLOCK);
                    }
                }))
                .build();
    }

    /// Does not begin to answer in time.
    @GET
    @Path("/silence")
    public Response silence() throws InterruptedException {
        Thread.sleep(10_000);
        return Response.noContent().build();
    }

    /// Answers, and goes on with work of the invocation until the test lets it end.
    @GET
    @Path("/lagging")
    public String lagging(@Context RoutingContext http) {
        Running running = Deadlines.of(http).begin(() -> {});
        Thread.ofVirtual().start(() -> {
            try (running) {
                LAGGING.get().await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        return "answered";
    }

    private static void write(OutputStream out) throws IOException {
        try {
            for (String piece = PIECES.take(); !piece.equals(END); piece = PIECES.take()) {
                if (piece.equals(BREAK)) {
                    throw new IllegalStateException("broken on purpose");
                }
                out.write(piece.getBytes());
                out.flush();
            }
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
    }
}
