import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/// The head of a streamed answer: JSON, then eight NUL bytes, and then the body begins.
final class Prelude {

    private static final int DELIMITER = 8;
    private static final int MAX_BYTES = 128 * 1024;

    private Prelude() {}

    static GatewayHead read(InputStream body) throws IOException {
        var json = new ByteArrayOutputStream();
        for (int nuls = 0; nuls < DELIMITER; ) {
            int octet = body.read();
            if (octet < 0 || json.size() == MAX_BYTES) throw new IOException("malformed stream: no prelude");
            if (octet == 0) {
                nuls++;
            } else if (nuls > 0) {
                throw new IOException("malformed stream: no delimiter");
            } else {
                json.write(octet);
            }
        }
        return GatewayHead.of(GatewayHead.parse(json.toByteArray()));
    }
}
