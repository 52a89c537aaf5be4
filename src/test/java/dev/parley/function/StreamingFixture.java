package dev.parley.function;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/// Answers that a test writes piece by piece.
@Path("/test/streams")
@RunOnVirtualThread
public class StreamingFixture {

    static final String END = "end";
    static final String BREAK = "break";
    static final int BLOCK = 64 * 1024;
    static final int BLOCKS = 1024;

    static final BlockingQueue<String> PIECES = new LinkedBlockingQueue<>();
    static final AtomicLong WRITTEN = new AtomicLong();

    /// Writes each piece as the test hands it over.
    @GET
    @Path("/pieces")
    public Response pieces() {
        return Response.ok((StreamingOutput) StreamingFixture::write)
                .type("text/event-stream")
                .header("Set-Cookie", "a=1")
                .header("Set-Cookie", "b=2")
                .build();
    }

    /// 64 MiB as fast as they are taken.
    @GET
    @Path("/large")
    public Response large() {
        return Response.ok((StreamingOutput) out -> {
                    for (int i = 0; i < BLOCKS; i++) {
                        out.write(new byte[BLOCK]);
                        out.flush();
                        WRITTEN.addAndGet(BLOCK);
                    }
                })
                .build();
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
