package dev.parley.ingestion;

import dev.parley.ingestion.Block.Kind;
import dev.parley.knowledge.Chunks.NewChunk;
import java.util.ArrayList;
import java.util.List;

/// Cuts a document into chunks for search, in any language: never across a heading, at the ends of paragraphs and
/// sentences where it can, and so that heading and text together stay within the size.
///
/// Every visible character of the document is in the chunks, in its order. Linear in the document's length: tokens
/// are counted once per sentence and once per chunk.
final class Chunker {

    private static final String HEADING_SEPARATOR = " › ";

    /// What of a chunk its headings may take at most, so that deep structures leave room for text.
    private static final int HEADING_SHARE = 4;

    private final TokenCounter tokenizer;
    private final ChunkSize size;
    private final List<NewChunk> chunks = new ArrayList<>();

    private Chunker(TokenCounter tokenizer, ChunkSize size) {
        this.tokenizer = tokenizer;
        this.size = size;
    }

    static List<NewChunk> chunk(Document document, TokenCounter tokenizer, ChunkSize size) {
        var chunker = new Chunker(tokenizer, size);
        Section.of(document).forEach(chunker::add);
        return chunker.chunks;
    }

    /// The first chunk of a section begins with its own heading; those that follow it are told apart by it.
    private void add(Section section) {
        String heading = heading(section.above());
        String path = heading(section.path());
        int room = room(heading);
        List<Unit> current = new ArrayList<>();
        int tokens = 0;
        for (Unit unit : Units.of(section.blocks(), tokenizer, maxUnit(section, room, room(path)))) {
            if (tokens + unit.tokens() > room) {
                emit(heading, current);
                heading = path;
                room = room(path);
                current = overlap(current, Math.min(size.overlap(), room - unit.tokens()));
                tokens = tokens(current);
            }
            current.add(unit);
            tokens += unit.tokens();
        }
        emit(heading, current);
    }

    /// What a heading leaves for text.
    private int room(String heading) {
        return size.max() - (heading.isEmpty() ? 0 : tokenizer.count(input(heading, "")));
    }

    /// What follows the section's own heading has to fit into its chunk: a heading alone is like every question about
    /// its subject and answers none. Only one of more than half a chunk may stand alone.
    private int maxUnit(Section section, int room, int laterRoom) {
        int ownHeading = section.blocks().stream()
                .takeWhile(block -> block.kind() == Kind.HEADING)
                .mapToInt(block -> tokenizer.count(block.text()))
                .sum();
        return ownHeading > size.max() / 2 ? Math.min(room, laterRoom) : Math.min(room - ownHeading, laterRoom);
    }

    /// Adds the units as one chunk. Tokens of parts may add up to less than those of the whole: then as two.
    private void emit(String heading, List<Unit> units) {
        String text = text(units);
        int tokens = tokenizer.count(input(heading, text));
        if (tokens <= size.max()) {
            chunks.add(new NewChunk(text, heading, units.getFirst().page(), tokens));
        } else if (units.size() > 1) {
            emit(heading, units.subList(0, units.size() / 2));
            emit(heading, units.subList(units.size() / 2, units.size()));
        } else {
            chunks.add(new NewChunk(text, "", units.getFirst().page(), tokenizer.count(text)));
        }
    }

    /// The last whole units, as many as there is room for, but never the whole chunk.
    private static List<Unit> overlap(List<Unit> units, int maxTokens) {
        int start = units.size();
        for (int tokens = 0; start > 1; start--) {
            tokens += units.get(start - 1).tokens();
            if (tokens > maxTokens) {
                break;
            }
        }
        return new ArrayList<>(units.subList(start, units.size()));
    }

    /// As much of the path as may be there; the innermost headings say most.
    private String heading(List<Block> path) {
        for (int from = 0; from < path.size(); from++) {
            String heading = String.join(
                    HEADING_SEPARATOR,
                    path.subList(from, path.size()).stream().map(Block::text).toList());
            if (heading.length() <= size.max() && tokenizer.count(heading) <= size.max() / HEADING_SHARE) {
                return heading;
            }
        }
        return "";
    }

    /// As it is embedded.
    private static String input(String heading, String text) {
        return heading.isEmpty() ? text : heading + "\n\n" + text;
    }

    private static String text(List<Unit> units) {
        var text = new StringBuilder(units.getFirst().text());
        units.stream().skip(1).forEach(unit -> text.append(unit.glue()).append(unit.text()));
        return text.toString();
    }

    private static int tokens(List<Unit> units) {
        return units.stream().mapToInt(Unit::tokens).sum();
    }
}
