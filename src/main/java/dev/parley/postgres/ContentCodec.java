package dev.parley.postgres;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The one way content (messages, stored answers, events, tool secrets) passes into and out of a `bytea` column.
///
/// The first byte names the encoding, so a later one (encryption per tenant) needs no schema change and old rows
/// stay readable.
@ApplicationScoped
public class ContentCodec {

    private static final byte PLAIN_UTF8 = 0;

    public byte[] encode(TenantId tenant, String content) {
        byte[] text = content.getBytes(StandardCharsets.UTF_8);
        byte[] encoded = new byte[text.length + 1];
        encoded[0] = PLAIN_UTF8;
        System.arraycopy(text, 0, encoded, 1, text.length);
        return encoded;
    }

    /// @throws IllegalArgumentException when the bytes were not written by this codec
    public String decode(TenantId tenant, byte[] encoded) {
        if (encoded.length == 0 || encoded[0] != PLAIN_UTF8) {
            throw new IllegalArgumentException("Unknown content encoding of " + tenant);
        }
        return new String(Arrays.copyOfRange(encoded, 1, encoded.length), StandardCharsets.UTF_8);
    }
}
