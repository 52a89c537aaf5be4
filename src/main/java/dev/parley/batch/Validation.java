package dev.parley.batch;

import dev.parley.batch.BatchErrors.BatchError;
import dev.parley.batch.BatchLines.NewLine;
import dev.parley.batch.InputLines.InputLine;
import dev.parley.job.JobFailure;
import dev.parley.job.Jobs;
import dev.parley.job.Lease;
import dev.parley.postgres.Json;
import dev.parley.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Takes a batch's lines out of its input file. The file is read twice: it is checked whole before any line is taken.
@ApplicationScoped
class Validation {

    private static final int CHUNK_LINES = 200;
    private static final int CHUNK_CHARS = 4 * 1024 * 1024;

    private final InputFiles input;
    private final BatchLines lines;
    private final Transitions transitions;
    private final Jobs jobs;
    private final BatchConfig config;
    private final Json json;

    Validation(InputFiles input, BatchLines lines, Transitions transitions, Jobs jobs, BatchConfig config, Json json) {
        this.input = input;
        this.lines = lines;
        this.transitions = transitions;
        this.jobs = jobs;
        this.config = config;
        this.json = json;
    }

    /// Whether the batch can go on. After a crash it begins again: lines that were taken stay as they are.
    boolean run(Batch batch, Lease lease) {
        var reader = new LineReader(json, batch.endpoint());
        var check = new InputCheck(reader, config.maxLines());
        List<BatchError> errors = errors(batch, check);
        if (!errors.isEmpty()) {
            lease.runInTransaction(_ -> transitions.fail(batch.tenant(), batch.id(), errors));
            return false;
        }
        if (take(batch, reader, lease) != check.count()) {
            throw JobFailure.passing("validate", new IllegalStateException("The input file has changed"));
        }
        lease.runInTransaction(_ -> {
            transitions.begin(batch, check);
            addLanes(batch, check.count());
        });
        return true;
    }

    private List<BatchError> errors(Batch batch, InputCheck check) {
        try {
            input.find(batch.tenant(), batch.input().toString());
            return check.look(input.open(batch));
        } catch (Problem gone) {
            return List.of(BatchError.ofFile("invalid_input_file", gone.getMessage()));
        }
    }

    private int take(Batch batch, LineReader reader, Lease lease) {
        InputLines all = input.open(batch);
        var chunk = new ArrayList<NewLine>();
        int chars = 0;
        int taken = 0;
        for (Optional<InputLine> line = all.next(); line.isPresent(); line = all.next()) {
            LineReader.Request request = reader.read(line.get());
            chunk.add(new NewLine(line.get().number(), request));
            chars += request.body().length();
            taken++;
            if (chunk.size() == CHUNK_LINES || chars > CHUNK_CHARS) {
                store(batch, chunk, lease);
                chars = 0;
            }
        }
        store(batch, chunk, lease);
        return taken;
    }

    private void store(Batch batch, List<NewLine> chunk, Lease lease) {
        lease.runInTransaction(connection -> lines.insert(connection, batch, chunk));
        chunk.clear();
    }

    /// As many as find enough to do.
    private void addLanes(Batch batch, int total) {
        int useful = Math.ceilDiv(total, config.concurrency());
        for (int number = 1; number < Math.min(config.lanes(), useful); number++) {
            jobs.add(batch.tenant(), BatchHandler.KIND, new Lane(batch.id(), number).subject());
        }
    }
}
