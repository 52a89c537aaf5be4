package dev.parley.tool;

import dev.parley.egress.EgressStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An answer as a model can read it: text and JSON, no longer than it may be.
final class HttpText {

    private static final Pattern READABLE =
            Pattern.compile("text/.*|application/(json|xml|yaml|x-yaml|x-ndjson|[a-z0-9.-]+\\+(json|xml))");
    private static final Pattern CHARSET = Pattern.compile("charset\\s*=\\s*\"?([a-z0-9:_-]+)");

    private HttpText() {}

    /// Empty for an answer that is something else.
    static Optional<String> of(EgressStream answer, int maxBytes) {
        String type = answer.headers().first("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        String essence = type.replaceFirst(";.*", "").strip();
        byte[] bytes = read(answer, maxBytes);
        if (bytes.length == 0) {
            return Optional.of("(status %d, no content)".formatted(answer.status()));
        }
        if (!READABLE.matcher(essence).matches()) {
            return Optional.empty();
        }
        String text = new String(bytes, 0, Math.min(bytes.length, maxBytes), charset(type));
        return Optional.of(
                bytes.length > maxBytes
                        ? text + "\n(cut off here: the answer has more than %d bytes)".formatted(maxBytes)
                        : text);
    }

    /// One more byte than there may be tells that there is more.
    private static byte[] read(EgressStream answer, int maxBytes) {
        try {
            return answer.body().readNBytes(maxBytes + 1);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible); // the body fails by its own failures
        }
    }

    private static Charset charset(String type) {
        Matcher named = CHARSET.matcher(type);
        try {
            return named.find() ? Charset.forName(named.group(1)) : StandardCharsets.UTF_8;
        } catch (IllegalArgumentException unknown) {
            return StandardCharsets.UTF_8;
        }
    }
}
