package dev.parley.job;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.invocation.Deadline;
import jakarta.enterprise.context.ApplicationScoped;

/// Keeps house where a schedule calls for it: `{"parley":"housekeeping"}`. Goes on while there is more to do and time
/// for it.
@ApplicationScoped
class HousekeepingEvent implements EventHandler {

    private final Housekeeper housekeeper;
    private final JobConfig.Rounds config;

    HousekeepingEvent(Housekeeper housekeeper, JobConfig config) {
        this.housekeeper = housekeeper;
        this.config = config.housekeeping();
    }

    @Override
    public boolean handles(JsonNode body) {
        return body.path("parley").asText().equals("housekeeping");
    }

    /// Once in any case. A run takes up to three times the length of a turn, and another begins only with time for it.
    @Override
    public void handle(JsonNode body, Deadline deadline) throws InterruptedException {
        boolean more = housekeeper.runDue();
        while (more && deadline.left().compareTo(config.turn().multipliedBy(3)) > 0) {
            more = housekeeper.runDue();
        }
    }
}
