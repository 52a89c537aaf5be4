package dev.parley.model.extractive;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import org.jspecify.annotations.Nullable;

/// Tokens by the `o200k_base` encoding, since a quotation has none of its own: usage reads as with other models.
final class Tokens {

    private @Nullable Encoding encoding;

    int count(String text) {
        return encoding().countTokensOrdinary(text);
    }

    /// The first so many tokens of a text; the text itself if it has no more.
    String first(int tokens, String text) {
        var start = encoding().encodeOrdinary(text, tokens);
        return start.isTruncated() ? encoding().decode(start.getTokens()) : text;
    }

    // Loading takes a while and memory: once, and not before the first answer. No static holder, which a native build
    // would initialise into the image.
    private synchronized Encoding encoding() {
        if (encoding == null) {
            encoding = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);
        }
        return encoding;
    }
}
