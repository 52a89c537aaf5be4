package dev.parley.model.extractive;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Collectors;

/// An answer in words.
final class Reply {

    private Reply() {}

    static String to(Answer answer) {
        return switch (answer) {
            case Answer.Quotes(var quotes) ->
                quotes.stream().map(Quote::toString).collect(Collectors.joining(" "));
            case Answer.NothingFits() -> prompt("nothing-fits");
            case Answer.NoDocuments() -> prompt("no-documents");
        };
    }

    private static String prompt(String name) {
        String path = "/prompts/extractive/" + name + ".txt";
        try (InputStream in = Objects.requireNonNull(Reply.class.getResourceAsStream(path), path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
