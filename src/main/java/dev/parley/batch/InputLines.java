package dev.parley.batch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The lines of a file that are not blank, one by one, with their numbers.
final class InputLines {

    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final int BUFFER = 64 * 1024;

    private final InputStream content;
    private final int longest;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int filled;
    private int number;

    InputLines(InputStream content, int longest) {
        this.content = content;
        this.longest = longest;
    }

    /// @param number from 1, blank lines counted
    /// @param text null when it is too long to be held
    record InputLine(int number, @Nullable String text) {}

    Optional<InputLine> next() {
        try {
            while (fill()) {
                number++;
                InputLine line = read();
                if (line.text == null || !line.text.isBlank()) {
                    return Optional.of(line);
                }
            }
            return Optional.empty();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private InputLine read() throws IOException {
        var bytes = new ByteArrayOutputStream();
        boolean fits = true;
        while (fill()) {
            int end = position;
            while (end < filled && buffer[end] != '\n') {
                end++;
            }
            fits &= bytes.size() + end - position <= longest;
            if (fits) {
                bytes.write(buffer, position, end - position);
            }
            boolean ended = end < filled;
            position = ended ? end + 1 : end;
            if (ended) {
                break;
            }
        }
        return new InputLine(number, fits ? text(bytes) : null);
    }

    private String text(ByteArrayOutputStream bytes) {
        String text = bytes.toString(StandardCharsets.UTF_8);
        return number == 1 && text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }

    /// Whether there is more to read.
    private boolean fill() throws IOException {
        if (position == filled) {
            position = 0;
            filled = Math.max(0, content.read(buffer));
        }
        return filled > position;
    }
}
