package dev.parley.egress;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Reads server-sent events as they come.
///
/// Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
public final class ServerSentEvents {

    /// Of one event: it is held in memory, however much the stream may bring in all.
    static final int MAX_EVENT = 1024 * 1024;

    private final InputStream in;
    private final StringBuilder data = new StringBuilder();
    private String type = "";
    private @Nullable String id;
    private OptionalLong retryMillis = OptionalLong.empty();
    private boolean first = true;
    private boolean afterReturn;

    ServerSentEvents(InputStream body) {
        this.in = new BufferedInputStream(body);
    }

    /// The next event; empty at the end of the stream, which an unfinished event is not part of.
    ///
    /// @throws EgressFailure when the stream fails
    public Optional<ServerSentEvent> next() {
        try {
            for (String line = line(); line != null; line = line()) {
                if (!line.isEmpty()) {
                    field(line);
                } else if (!data.isEmpty()) {
                    return Optional.of(dispatch());
                } else {
                    type = "";
                }
            }
            return Optional.empty();
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible); // the body fails by its own failures
        }
    }

    /// How long the server asks clients to wait before they come back; empty if it never did.
    public OptionalLong retryMillis() {
        return retryMillis;
    }

    private ServerSentEvent dispatch() {
        data.setLength(data.length() - 1); // the line feed after the last line
        var event = new ServerSentEvent(type.isEmpty() ? "message" : type, data.toString(), id);
        data.setLength(0);
        type = "";
        return event;
    }

    private void field(String line) {
        int colon = line.indexOf(':');
        String name = colon < 0 ? line : line.substring(0, colon);
        String value = colon < 0 ? "" : line.substring(colon + (line.startsWith(" ", colon + 1) ? 2 : 1));
        switch (name) {
            case "data" -> append(value);
            case "event" -> type = value;
            case "id" -> id = value.indexOf('\0') < 0 ? value : id;
            case "retry" ->
                retryMillis = value.matches("[0-9]{1,9}") ? OptionalLong.of(Long.parseLong(value)) : retryMillis;
            default -> {} // comments and what later versions add
        }
    }

    private void append(String line) {
        if (data.length() + line.length() > MAX_EVENT) {
            throw tooLarge();
        }
        data.append(line).append('\n');
    }

    /// A line without its end, which is CR, LF or both; null at the end of the stream.
    private @Nullable String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            boolean second = afterReturn && b == '\n';
            afterReturn = b == '\r';
            if (second) {
                continue;
            }
            if (b == '\r' || b == '\n') {
                return text(line);
            }
            if (line.size() == MAX_EVENT) {
                throw tooLarge();
            }
            line.write(b);
        }
        return null;
    }

    private String text(ByteArrayOutputStream line) {
        String text = line.toString(StandardCharsets.UTF_8);
        boolean marked = first && text.startsWith("\uFEFF");
        first = false;
        return marked ? text.substring(1) : text;
    }

    private static EgressFailure tooLarge() {
        return new EgressFailure(new EgressError.TooLarge(EgressError.Part.EVENT, MAX_EVENT));
    }
}
