package dev.parley.egress;

import static dev.parley.egress.HostileServer.ok;
import static dev.parley.egress.HostileServer.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.egress.EgressError.Part;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/// Whatever a server sends, it is bounded: body, inflated body, headers.
class AnswerSizeTest extends HostileWorld {

    @Test
    void anEndlessBodyEnds() {
        configure("max-bytes", "100000");
        server.on("/", (_, out) -> {
            write(out, "HTTP/1.1 200 OK\r\n\r\n");
            endless(out);
        });
        assertThat(failure("/")).isEqualTo(new EgressError.TooLarge(Part.BODY, 100_000));
    }

    @Test
    void endlessChunksEnd() {
        server.on("/", (_, out) -> {
            write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            while (true) {
                write(out, "1000\r\n" + "x".repeat(0x1000) + "\r\n");
            }
        });
        assertThat(failure(get("/").within(EgressLimits.CONFIGURED.withMaxBytes(5000))))
                .isEqualTo(new EgressError.TooLarge(Part.BODY, 5000));
    }

    @Test
    void aBodyThatIsAnnouncedAsTooLargeIsNotWaitedFor() {
        server.on("/", (request, out) -> {
            write(out, "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n");
            request.stall();
        });
        assertThat(failure("/")).isEqualTo(new EgressError.TooLarge(Part.BODY, 8 * 1024 * 1024));
    }

    @Test
    void whatFitsExactlyIsTaken() {
        server.on("/", ok("text/plain", "x".repeat(5000)));
        var limits = EgressLimits.CONFIGURED.withMaxBytes(5000);
        assertThat(egress.fetch(get("/").within(limits)).body()).hasSize(5000);
        assertThat(failure(get("/").within(limits.withMaxBytes(4999))))
                .isEqualTo(new EgressError.TooLarge(Part.BODY, 4999));
    }

    @Test
    void aCallerNeverWidensALimit() {
        configure("max-bytes", "10");
        server.on("/", ok("text/plain", "x".repeat(11)));
        assertThat(failure(get("/").within(EgressLimits.CONFIGURED.withMaxBytes(1000))))
                .isEqualTo(new EgressError.TooLarge(Part.BODY, 10));
    }

    @Test
    void compressedBodiesAreInflated() throws IOException {
        byte[] zipped = zipped("hello ".repeat(1000).getBytes(StandardCharsets.UTF_8));
        gzip("/", zipped);
        assertThat(text(get("/"))).isEqualTo("hello ".repeat(1000));
    }

    @Test
    void aGzipBombIsBoundedByWhatComesOut() throws IOException {
        byte[] bomb = zipped(new byte[50_000_000]);
        assertThat(bomb).hasSizeLessThan(100_000);
        gzip("/", bomb);
        assertThat(failure("/")).isEqualTo(new EgressError.TooLarge(Part.BODY, 8 * 1024 * 1024));
    }

    @Test
    void gzipThatInflatesToNothingIsBoundedByWhatComesIn() throws IOException {
        byte[] nothing = zipped(new byte[0]);
        server.on("/", (_, out) -> {
            write(out, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n");
            while (true) {
                out.write(nothing);
            }
        });
        assertThat(failure(get("/").within(EgressLimits.CONFIGURED.withMaxBytes(100_000))))
                .isEqualTo(new EgressError.TooLarge(Part.BODY, 100_000));
    }

    @Test
    void damagedAndUnknownEncodingsAreToldApart() throws IOException {
        byte[] zipped = zipped(new byte[1000]);
        gzip("/cut", Arrays.copyOf(zipped, zipped.length - 10));
        gzip("/plain", "not compressed at all".getBytes(StandardCharsets.UTF_8));
        server.on("/br", "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\nx");
        server.on("/twice", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\nContent-Length: 1\r\n\r\nx");
        assertThat(failure("/cut")).isEqualTo(new EgressError.Malformed("outer.test"));
        assertThat(failure("/plain")).isEqualTo(new EgressError.Malformed("outer.test"));
        assertThat(failure("/br")).isEqualTo(new EgressError.UnknownEncoding("br"));
        assertThat(failure("/twice")).isEqualTo(new EgressError.UnknownEncoding("gzip, gzip"));
    }

    @Test
    void headersHaveABound() {
        server.on("/one", "HTTP/1.1 200 OK\r\nX: " + "x".repeat(40_000) + "\r\n\r\n");
        server.on("/many", (_, out) -> {
            write(out, "HTTP/1.1 200 OK\r\n");
            for (int i = 0; true; i++) {
                write(out, "X-%d: x\r\n".formatted(i));
            }
        });
        server.on("/status", "HTTP/1.1 200 " + "x".repeat(40_000) + "\r\n\r\n");
        server.on("/trailers", (_, out) -> {
            write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n");
            for (int i = 0; true; i++) {
                write(out, "X-%d: x\r\n".formatted(i));
            }
        });
        for (String path : new String[] {"/one", "/many", "/status", "/trailers"}) {
            assertThat(failure(path)).as(path).isEqualTo(new EgressError.TooLarge(Part.HEADERS, 32 * 1024));
        }
    }

    private void gzip(String path, byte[] zipped) {
        server.on(path, (_, out) -> {
            write(
                    out,
                    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n".formatted(zipped.length));
            out.write(zipped);
        });
    }

    private static byte[] zipped(byte[] plain) throws IOException {
        var zipped = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(zipped)) {
            gzip.write(plain);
        }
        return zipped.toByteArray();
    }
}
