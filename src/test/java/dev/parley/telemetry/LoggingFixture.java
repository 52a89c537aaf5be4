package dev.parley.telemetry;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestQuery;

/// Logs what it is asked to, on a virtual thread.
@Path("/test/logs")
@RunOnVirtualThread
public class LoggingFixture {

    private static final Logger LOG = Logger.getLogger(LoggingFixture.class);

    @GET
    public String log(@RestQuery String line) {
        LOG.info(line);
        return Thread.currentThread().isVirtual() ? "virtual" : "platform";
    }
}
