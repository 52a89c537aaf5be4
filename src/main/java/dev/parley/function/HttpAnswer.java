package dev.parley.function;

import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/// An answer whose head has arrived; the body is read as it comes and fails when it breaks off.
record HttpAnswer(int status, List<Header> headers, InputStream body) {

    Optional<String> header(String name) {
        return headers.stream()
                .filter(header -> header.is(name))
                .map(Header::value)
                .findFirst();
    }

    boolean isSuccess() {
        return status / 100 == 2;
    }
}
