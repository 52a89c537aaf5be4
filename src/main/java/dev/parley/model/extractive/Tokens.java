package dev.parley.model.extractive;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;

/// Tokens by the `o200k_base` encoding, since a quotation has none of its own: usage reads as with other models.
final class Tokens {

    private Tokens() {}

    static int count(String text) {
        return Loaded.ENCODING.countTokensOrdinary(text);
    }

    /// The first so many tokens of a text; the text itself if it has no more.
    static String first(int tokens, String text) {
        var start = Loaded.ENCODING.encodeOrdinary(text, tokens);
        return start.isTruncated() ? Loaded.ENCODING.decode(start.getTokens()) : text;
    }

    // Loading takes a while and memory: once, and not before the first answer.
    private static final class Loaded {
        static final Encoding ENCODING = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);
    }
}
