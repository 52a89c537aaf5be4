import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// The answer to one client, as it comes from the function. A client that leaves is not the function's affair: what it
/// still sends is read and thrown away, as API Gateway does.
final class GatewayAnswer implements Receiver {

    private static final int BUFFER = 64 * 1024;

    private final Wire client;
    private final boolean bodiless;
    private final List<Wire.Field> own;
    private volatile boolean begun;
    private volatile boolean gone;
    private volatile long firstByte;
    private int status;
    private byte[] buffered;
    private GatewayHead head;

    /// @param bodiless whether the client expects no body, whatever the function says
    /// @param own headers of the gateway
    GatewayAnswer(Wire client, boolean bodiless, List<Wire.Field> own) {
        this.client = client;
        this.bodiless = bodiless;
        this.own = own;
    }

    int status() {
        return status;
    }

    /// By [System#nanoTime]; 0 while there is none.
    long firstByte() {
        return firstByte;
    }

    @Override
    public void streamed(InputStream body) throws IOException {
        head = Prelude.read(body);
        status = head.status();
        if (isBodiless()) {
            body.transferTo(OutputStream.nullOutputStream());
            return;
        }
        var fields = fields(head);
        fields.add(new Wire.Field("Transfer-Encoding", "chunked"));
        begun = true;
        toClient(() -> client.head(head.status(), fields));
        var buffer = new byte[BUFFER];
        for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
            int length = read;
            if (firstByte == 0) firstByte = System.nanoTime();
            toClient(() -> client.chunk(buffer, length));
        }
    }

    @Override
    public void buffered(byte[] body) throws IOException {
        var answer = GatewayHead.parse(body);
        head = GatewayHead.of(answer);
        status = head.status();
        var text = answer.path("body").asText("");
        try {
            buffered = answer.path("isBase64Encoded").asBoolean()
                    ? Base64.getDecoder().decode(text)
                    : text.getBytes(StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw new IOException("malformed proxy response: the body is not Base64", malformed);
        }
        firstByte = System.nanoTime();
    }

    /// Ends the answer once the invocation is over. Whether the connection can be used again.
    boolean finish(Outcome outcome) throws IOException {
        return switch (outcome) {
            case Outcome.Answered() -> end();
            case Outcome.Failed(_), Outcome.Died(_) -> fail(502, "Internal server error");
            case Outcome.TimedOut() -> fail(504, "Endpoint request timed out");
            case Outcome.Throttled() -> fail(429, "Too Many Requests");
        };
    }

    private boolean end() throws IOException {
        if (begun) {
            toClient(client::lastChunk);
        } else if (isBodiless()) {
            toClient(() -> client.head(head.status(), fields(head)));
        } else {
            toClient(() -> client.answer(head.status(), fields(head), buffered));
        }
        return !gone;
    }

    /// What was begun cannot be taken back: the client sees it break off.
    private boolean fail(int status, String message) throws IOException {
        if (begun) {
            client.close();
            return false;
        }
        this.status = status;
        var fields = new ArrayList<>(own);
        fields.add(new Wire.Field("Content-Type", "application/json"));
        client.answer(status, fields, "{\"message\": \"%s\"}".formatted(message).getBytes(StandardCharsets.UTF_8));
        return true;
    }

    private boolean isBodiless() {
        return bodiless || head.isBodiless();
    }

    private List<Wire.Field> fields(GatewayHead head) {
        var fields = new ArrayList<>(head.fields());
        fields.addAll(own);
        return fields;
    }

    private interface Write {
        void run() throws IOException;
    }

    private void toClient(Write write) {
        if (gone) return;
        try {
            write.run();
        } catch (IOException left) {
            gone = true;
        }
    }
}
