package dev.parley.ingestion;

/// Tokens of a text that no model will read, so that chunks are about as long as with one: a token for four bytes of
/// UTF-8, which is the rule of thumb for English and near enough for scripts of three bytes a character.
final class ApproximateTokens {

    private static final int BYTES_PER_TOKEN = 4;

    private ApproximateTokens() {}

    static int count(String text) {
        long bytes =
                text.chars().mapToLong(c -> c < 0x80 ? 1 : c < 0x800 ? 2 : 3).sum();
        return (int) ((bytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN);
    }
}
