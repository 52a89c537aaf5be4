package dev.parley.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.egress.EgressMethod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a declared tool does when it is called.
sealed interface Recipe {

    /// @param body what is sent, with `"{argument}"` for an argument; null for all arguments that the URL does not name
    /// @param headers by name; values with `{{secret:NAME}}` for secrets
    /// @param idempotencyHeader carries the effect's id, where there are effects
    record Http(
            EgressMethod method,
            UrlTemplate url,
            @Nullable JsonNode body,
            Map<String, String> headers,
            String idempotencyHeader,
            int maxResponseBytes,
            @Nullable StatusCheck statusCheck)
            implements Recipe {

        /// Where its requests go: the only hosts that its secrets have to be for.
        Set<String> authorities() {
            var all = new TreeSet<String>();
            all.add(url.authority());
            if (statusCheck != null) {
                all.add(statusCheck.url().authority());
            }
            return all;
        }
    }

    /// Asks what became of an effect: 404 says it never happened, 200 that it did.
    ///
    /// @param result a JSON pointer to what the call would have answered; null for the whole answer
    record StatusCheck(UrlTemplate url, @Nullable String result) {}

    /// @param statement with `:argument` for arguments; null where the model writes the query
    /// @param timeout of the statement
    record Sql(
            String database, List<String> views, @Nullable String statement, Duration timeout) implements Recipe {}

    /// @param stores ids of the vector stores that are searched
    record Knowledge(List<String> stores, int maxResults) implements Recipe {}
}
