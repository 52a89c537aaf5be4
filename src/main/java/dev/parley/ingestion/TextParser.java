package dev.parley.ingestion;

import java.io.IOException;
import java.util.regex.Pattern;

/// Plain text: paragraphs stand between blank lines.
record TextParser(int maxCharacters) implements Parser {

    private static final Pattern BLANK_LINES = Pattern.compile("(?>\\R)\\h*(?>\\R)\\s*");

    @Override
    public void parse(Upload upload, DocumentBuilder document) throws IOException {
        paragraphs(TextFile.read(upload, maxCharacters), document);
    }

    static void paragraphs(String text, DocumentBuilder document) {
        BLANK_LINES.splitAsStream(text).forEach(document::paragraph);
    }
}
