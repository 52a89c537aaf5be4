package dev.parley.testing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/// A message of AWS' event stream, in its binary form.
///
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html
record EventFrame(Map<String, String> headers, String payload) {

    private static final int PRELUDE = 12;
    private static final int CHECKSUM = 4;
    private static final byte STRING = 7;

    static EventFrame event(String type, String payload) {
        return of(Map.of(":message-type", "event", ":event-type", type), payload);
    }

    static EventFrame exception(String type, String payload) {
        return of(Map.of(":message-type", "exception", ":exception-type", type), payload);
    }

    private static EventFrame of(Map<String, String> typed, String payload) {
        var headers = new LinkedHashMap<>(typed);
        headers.put(":content-type", "application/json");
        return new EventFrame(headers, payload);
    }

    byte[] bytes() {
        byte[] head = head();
        byte[] body = payload.getBytes(StandardCharsets.UTF_8);
        int length = PRELUDE + head.length + body.length + CHECKSUM;
        var frame = ByteBuffer.allocate(length);
        frame.putInt(length).putInt(head.length);
        frame.putInt(checksum(frame)).put(head).put(body);
        return frame.putInt(checksum(frame)).array();
    }

    private byte[] head() {
        var head = ByteBuffer.allocate(1024);
        headers.forEach((name, value) -> {
            head.put((byte) name.length()).put(name.getBytes(StandardCharsets.UTF_8));
            head.put(STRING).putShort((short) value.length()).put(value.getBytes(StandardCharsets.UTF_8));
        });
        byte[] bytes = new byte[head.position()];
        head.flip().get(bytes);
        return bytes;
    }

    /// Of everything before.
    private static int checksum(ByteBuffer frame) {
        var crc = new CRC32();
        crc.update(frame.array(), 0, frame.position());
        return (int) crc.getValue();
    }
}
