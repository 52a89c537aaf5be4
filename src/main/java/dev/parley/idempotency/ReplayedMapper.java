package dev.parley.idempotency;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/// Sends a stored answer again.
final class ReplayedMapper {

    @ServerExceptionMapper
    Response replay(Replayed replayed) {
        return Response.ok(replayed.body(), MediaType.APPLICATION_JSON_TYPE)
                .header("idempotency-replayed", "true")
                .build();
    }
}
