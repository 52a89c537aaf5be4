package dev.parley.model;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.IntArrayList;

/// Counts tokens as OpenAI's current models do; for others it is an estimate. Its tables load on first use.
public final class ApproximateTokens {

    private ApproximateTokens() {}

    /// Either table takes long to load, and few processes need both.
    private static final class Chat {
        private static final Encoding O200K =
                Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);
    }

    private static final class Embedding {
        private static final Encoding CL100K =
                Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.CL100K_BASE);
    }

    /// Of a chat model's text.
    public static int count(String text) {
        return Chat.O200K.countTokensOrdinary(text);
    }

    /// Of a text for OpenAI's embedding models.
    public static int countForEmbedding(String text) {
        return Embedding.CL100K.countTokensOrdinary(text);
    }

    /// The text of an embedding model's tokens.
    ///
    /// @throws IllegalArgumentException for a number that is no token
    static String textOfEmbedding(IntArrayList tokens) {
        try {
            return Embedding.CL100K.decode(tokens);
        } catch (NullPointerException unknown) { // JTokkit's way to say that it has no such token
            throw new IllegalArgumentException(unknown);
        }
    }
}
