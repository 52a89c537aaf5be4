package dev.parley.chat.responses;

import dev.parley.chat.AdmittedTurn;
import dev.parley.chat.Asker;
import dev.parley.chat.Reception;
import dev.parley.chat.TurnRequest;
import dev.parley.chat.UnattendedTurns;
import dev.parley.job.Job;
import dev.parley.job.JobFailure;
import dev.parley.job.JobHandler;
import dev.parley.job.Lease;
import dev.parley.job.Workload;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Json;
import dev.parley.problem.Problem;
import dev.parley.usage.Ticket;
import dev.parley.usage.TurnStatus;
import dev.parley.usage.Turns;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Runs the turns that wait for a worker. A turn has a lease of its own, which is shorter than its job's or not: a
/// job that comes again finds its turn under way or over, and leaves it alone. It is never run twice.
@ApplicationScoped
class BackgroundTurns implements JobHandler {

    private final Turns turns;
    private final StoredResponses responses;
    private final Reception reception;
    private final UnattendedTurns unattended;
    private final Json json;

    BackgroundTurns(
            Turns turns, StoredResponses responses, Reception reception, UnattendedTurns unattended, Json json) {
        this.turns = turns;
        this.responses = responses;
        this.reception = reception;
        this.unattended = unattended;
        this.json = json;
    }

    @Override
    public String kind() {
        return Turns.JOB_KIND;
    }

    @Override
    public Workload workload() {
        return Workload.WAITING;
    }

    /// A turn whose owner died is settled by being looked at.
    @Override
    public void run(Job job, Lease lease) {
        var id = new ResponseId(UUID.fromString(job.subject()));
        responses
                .find(job.tenant(), id)
                .filter(response -> response.turn().status() == TurnStatus.QUEUED)
                .ifPresent(response -> run(job, response, lease));
    }

    /// What cannot be read, can never be run: it ends at once, for nothing.
    private ResponseRequest read(Job job, StoredResponse response) {
        try {
            return responses.request(response);
        } catch (Problem unreadable) {
            turns.endQueued(job.tenant(), response.id().turn());
            throw JobFailure.permanent("read", unreadable.getMessage());
        }
    }

    /// A job that is given up leaves no turn waiting: it ends for nothing, and its reservation is free.
    @Override
    public void buried(Job job, JobFailure failure) {
        turns.endQueued(job.tenant(), UUID.fromString(job.subject()));
    }

    private void run(Job job, StoredResponse response, Lease lease) {
        ResponseRequest request = read(job, response);
        TurnRequest limited = limited(job, response, request);
        Optional<Ticket> begun = turns.begin(job.tenant(), response.id().turn());
        if (begun.isEmpty()) {
            // Cancelled by a process that died before it could end the turn.
            turns.endQueued(job.tenant(), response.id().turn());
        }
        begun.ifPresent(ticket -> {
            var asker = new Asker(job.tenant(), Ids.format("job_", job.id()), lease.deadline());
            var running = new AdmittedTurn(ticket, asker, limited, new AdmittedTurn.Manner(true, true));
            var face = new ResponseFace(response.id(), request, json);
            if (request.stream()) {
                unattended.stream(
                        running, face, ResponseEndings.ofOwner(response.id(), request.echo(), json, List::of));
            } else {
                unattended.run(running, face);
            }
        });
    }

    /// The model may have left the catalog meanwhile.
    private TurnRequest limited(Job job, StoredResponse response, ResponseRequest request) {
        try {
            return reception.prepare(job.tenant(), request.turn());
        } catch (Problem unknownModel) {
            turns.endQueued(job.tenant(), response.id().turn());
            throw JobFailure.permanent("admit", unknownModel.getMessage());
        }
    }
}
