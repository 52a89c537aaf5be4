package dev.parley.ingestion;

import dev.parley.ingestion.Block.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Collects what a parser finds, cleaned, up to the length a document may have.
final class DocumentBuilder {

    private final int maxCharacters;
    private final List<Block> blocks = new ArrayList<>();
    private long characters;
    private @Nullable Integer page;

    DocumentBuilder(int maxCharacters) {
        this.maxCharacters = maxCharacters;
    }

    /// What is added from now on starts on this page.
    void page(int number) {
        page = number;
    }

    void heading(int level, String text) {
        add(Kind.HEADING, level, text.replaceAll("\\s+", " "));
    }

    void paragraph(String text) {
        add(Kind.PARAGRAPH, 0, text);
    }

    void listItem(String text) {
        add(Kind.LIST_ITEM, 0, text);
    }

    void row(String text) {
        add(Kind.ROW, 0, text);
    }

    void code(String text) {
        add(Kind.CODE, 0, text);
    }

    private void add(Kind kind, int level, String text) {
        characters += text.length();
        if (characters > maxCharacters) {
            throw tooLong(maxCharacters);
        }
        String clean = CleanText.of(text);
        if (!clean.isBlank()) {
            blocks.add(new Block(kind, level, clean, page));
        }
    }

    boolean isEmpty() {
        return blocks.isEmpty();
    }

    static IngestionFailure tooLong(int maxCharacters) {
        return IngestionFailure.invalid(
                "The file has more than %,d characters of text. Split it into smaller files.".formatted(maxCharacters));
    }

    /// @throws IngestionFailure when there is no text in the file
    Document build() {
        if (isEmpty()) {
            throw IngestionFailure.invalid("The file has no text in it.");
        }
        return new Document(List.copyOf(blocks));
    }
}
