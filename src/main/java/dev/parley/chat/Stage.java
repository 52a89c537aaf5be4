package dev.parley.chat;

import dev.parley.postgres.TenantId;
import dev.parley.telemetry.RequestIds;
import dev.parley.usage.Verdict;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;

/// Where a turn meets its client: it runs and is told whole, or is streamed; a repeated request is told what the first
/// one was.
@ApplicationScoped
class Stage {

    private final Turn turn;
    private final Replays replays;

    Stage(Turn turn, Replays replays) {
        this.turn = turn;
        this.replays = replays;
    }

    /// What is to be shown.
    record Show(Applicant applicant, Verdict verdict, Face face, boolean streamed) {

        TenantId tenant() {
            return applicant.caller().tenant();
        }
    }

    Response answer(Show show, RoutingContext http) throws InterruptedException {
        return switch (show.verdict) {
            case Verdict.Admitted admitted -> run(show, admitted, http);
            case Verdict.Repeated repeated -> Answers.repeated(replays.outcome(show.tenant(), repeated.turn()));
        };
    }

    private Response run(Show show, Verdict.Admitted admitted, RoutingContext http) {
        var running = new AdmittedTurn(
                admitted.ticket(),
                new Asker(show.tenant(), RequestIds.of(http)),
                show.applicant.request(),
                new AdmittedTurn.Manner(show.streamed, show.applicant.isKept()));
        return Answers.of(turn.run(running, show.face, TurnFrames.NONE), admitted.rates());
    }
}
