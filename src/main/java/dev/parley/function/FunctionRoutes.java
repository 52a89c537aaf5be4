package dev.parley.function;

import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.container.ContainerRequestContext;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/// Leaves the routes of other functions unanswered, before anybody is asked who they are.
final class FunctionRoutes {

    private final FunctionName name;

    FunctionRoutes(FunctionConfig config) {
        this.name = config.name();
    }

    @ServerRequestFilter(preMatching = true)
    void gate(ContainerRequestContext request) {
        if (!name.answers(request.getUriInfo().getPath())) {
            throw new NotFoundException();
        }
    }
}
