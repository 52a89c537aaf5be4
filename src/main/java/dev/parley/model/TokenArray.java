package dev.parley.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.knuddels.jtokkit.api.IntArrayList;
import dev.parley.problem.Problem;

/// A text that a client cut into tokens itself. Clients do so with `cl100k_base`, the vocabulary of OpenAI's embedding
/// models, whatever model they ask for (LangChain's default); every model here reads text, so the tokens become text
/// again.
public final class TokenArray {

    private TokenArray() {}

    public static boolean is(JsonNode node) {
        return node.isArray() && !node.isEmpty() && node.get(0).isNumber();
    }

    /// @param param where the array stands in the request
    /// @throws Problem (400) for what is no token
    public static String text(JsonNode array, String param) {
        var tokens = new IntArrayList(array.size());
        for (JsonNode token : array) {
            if (!token.canConvertToInt() || !token.isIntegralNumber()) {
                throw noToken(param);
            }
            tokens.add(token.intValue());
        }
        try {
            return ApproximateTokens.textOfEmbedding(tokens);
        } catch (IllegalArgumentException unknown) {
            throw noToken(param);
        }
    }

    private static Problem noToken(String param) {
        return Problem.invalid(param, "'%s' holds a number that is no token of cl100k_base.".formatted(param));
    }
}
