package dev.parley.job;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.invocation.Deadline;
import jakarta.enterprise.context.ApplicationScoped;

/// Does one job for a ring, if one is due: the one whose turn it is. A job that fails is Postgres' matter, so the ring
/// is done with either way; only where the queue cannot be asked, the ring comes again.
@ApplicationScoped
class RingHandler implements EventHandler {

    private final CalledWorker worker;

    RingHandler(CalledWorker worker) {
        this.worker = worker;
    }

    @Override
    public boolean handles(JsonNode body) {
        return RingMessage.read(body).isPresent();
    }

    @Override
    public void handle(JsonNode body, Deadline deadline) throws InterruptedException {
        worker.doNext(RingMessage.read(body).orElseThrow(), deadline);
    }
}
