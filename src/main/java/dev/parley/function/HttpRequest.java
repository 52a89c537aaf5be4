package dev.parley.function;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// The head of a request: method, target (path and query, as they go on the wire) and headers.
record HttpRequest(String method, String target, List<Header> headers) {

    HttpRequest {
        if (!method.matches("[A-Z]+")) {
            throw new IllegalArgumentException("Not an HTTP method");
        }
        if (!target.startsWith("/") || target.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
            throw new IllegalArgumentException("Not a request target");
        }
    }

    byte[] toBytes() {
        var head = new StringBuilder(method).append(' ').append(target).append(" HTTP/1.1\r\n");
        headers.forEach(header ->
                head.append(header.name()).append(": ").append(header.value()).append("\r\n"));
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
