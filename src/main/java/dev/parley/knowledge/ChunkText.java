package dev.parley.knowledge;

/// What of a chunk is stored, embedded and compared.
final class ChunkText {

    private ChunkText() {}

    /// Heading and text as they are embedded: the heading says what the text is about.
    static String input(String heading, String text) {
        return heading.isEmpty() ? text : heading + "\n\n" + text;
    }

    /// Postgres' text holds every character but NUL.
    static String storable(String text) {
        return text.indexOf('\0') < 0 ? text : text.replace("\0", "");
    }
}
