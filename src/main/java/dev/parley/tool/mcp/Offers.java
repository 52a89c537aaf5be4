package dev.parley.tool.mcp;

import dev.parley.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/// Asks servers what they offer, when an admin wants to know.
@ApplicationScoped
class Offers {

    /// An admin waits for it.
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final RemoteClient client;
    private final OfferReader reader;

    Offers(RemoteClient client, OfferReader reader) {
        this.client = client;
        this.reader = reader;
    }

    /// @throws Problem (502) if the server does not tell, (400) if it may not be asked
    Offer of(RemoteServer server) {
        try {
            var listing = client.list(server.endpoint(LIMIT));
            return reader.read(server.label(), listing.revision(), listing.tools());
        } catch (RemoteFailure failure) {
            throw failure.problem();
        }
    }
}
