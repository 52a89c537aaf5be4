package dev.parley.ingestion;

import dev.parley.ingestion.Block.Kind;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Cuts blocks into units of at most a number of tokens: where a reader would pause, if there is such a place.
final class Units {

    /// A tokenizer may take a very long word for one unknown token, but no model reads a page in one: text counts at
    /// least one token for so many characters. It also spares counting what is too long anyway.
    private static final int MAX_CHARACTERS_PER_TOKEN = 10;

    private static final int MAX_GLUE = 40;

    private final TokenCounter tokenizer;
    private final int maxTokens;
    private final List<Unit> units = new ArrayList<>();

    private Units(TokenCounter tokenizer, int maxTokens) {
        this.tokenizer = tokenizer;
        this.maxTokens = maxTokens;
    }

    static List<Unit> of(List<Block> blocks, TokenCounter tokenizer, int maxTokens) {
        var units = new Units(tokenizer, maxTokens);
        Block before = blocks.getFirst();
        for (Block block : blocks) {
            units.add(glue(before, block), block);
            before = block;
        }
        return units.units;
    }

    /// Rows of a table and items of a list stand close, everything else apart.
    private static String glue(Block before, Block block) {
        boolean areLines = block.kind() == before.kind()
                && (block.kind() == Kind.ROW || block.kind() == Kind.LIST_ITEM)
                && before.text().indexOf('\n') < 0;
        return areLines ? "\n" : "\n\n";
    }

    private void add(String glue, Block block) {
        switch (block.kind()) {
            case HEADING, ROW -> split(glue, block.text(), block);
            case PARAGRAPH, LIST_ITEM -> sentences(glue, block);
            case CODE -> lines(glue, block);
        }
    }

    private void sentences(String glue, Block block) {
        BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
        // A line end within a paragraph is no end of a sentence.
        sentences.setText(block.text().replace('\n', ' '));
        int start = 0;
        for (int end = sentences.next(); end != BreakIterator.DONE; end = sentences.next()) {
            glue = piece(glue, block.text().substring(start, end), block);
            start = end;
        }
    }

    private void lines(String glue, Block block) {
        int start = 0;
        while (start < block.text().length()) {
            int end = block.text().indexOf('\n', start) + 1;
            end = end == 0 ? block.text().length() : end;
            glue = piece(glue, block.text().substring(start, end), block);
            start = end;
        }
    }

    /// Adds a piece without the space around it, which becomes glue. Returns the glue for what follows.
    private String piece(String glue, String piece, Block block) {
        String text = piece.strip();
        if (text.isEmpty()) {
            return shorten(glue + piece);
        }
        int start = piece.indexOf(text.charAt(0));
        split(shorten(glue + piece.substring(0, start)), text, block);
        return shorten(piece.substring(start + text.length()));
    }

    /// Much space says no more than little.
    private static String shorten(String glue) {
        if (glue.length() <= MAX_GLUE) {
            return glue;
        }
        return glue.indexOf('\n') < 0 ? " " : "\n\n";
    }

    /// Adds a text whole if it fits, else cut at its stops, else its halves.
    private void split(String glue, String text, Block block) {
        int tokens = count(glue, text);
        if (tokens <= maxTokens || text.codePointCount(0, text.length()) == 1) {
            units.add(new Unit(glue, text, tokens, block.page()));
        } else if (Cut.stops(text).length > 0) {
            clauses(glue, text, block);
        } else {
            halves(glue, text, block);
        }
    }

    private void clauses(String glue, String text, Block block) {
        int start = 0;
        for (int end : Cut.stops(text)) {
            glue = piece(glue, text.substring(start, end), block);
            start = end;
        }
        piece(glue, text.substring(start), block);
    }

    private void halves(String glue, String text, Block block) {
        int middle = Cut.nearMiddle(text);
        String first = text.substring(0, middle).stripTrailing();
        String second = text.substring(middle).stripLeading();
        split(glue, first, block);
        split(shorten(text.substring(first.length(), text.length() - second.length())), second, block);
    }

    private int count(String glue, String text) {
        int atLeast = text.length() / MAX_CHARACTERS_PER_TOKEN;
        return atLeast > maxTokens ? atLeast : Math.max(atLeast, tokenizer.count(glue + text));
    }
}
