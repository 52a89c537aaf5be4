package dev.parley.batch;

import dev.parley.knowledge.FileExchange;
import dev.parley.knowledge.FileId;
import dev.parley.postgres.TenantId;
import dev.parley.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;

/// The files that batches can be made of.
@ApplicationScoped
class InputFiles {

    private static final String PURPOSE = "batch";

    private final FileExchange files;
    private final int maxLineBytes;

    InputFiles(FileExchange files, BatchConfig config) {
        this.files = files;
        this.maxLineBytes = Math.toIntExact(config.maxLineBytes().asLongValue());
    }

    /// @throws Problem (404) when there is none, (400) when it is for something else
    FileId find(TenantId tenant, String id) {
        FileId file = FileId.parse(id);
        if (!files.purpose(tenant, file).equals(PURPOSE)) {
            throw Problem.invalid(
                    "input_file_id", "The file '%s' was not uploaded with purpose 'batch'.".formatted(id));
        }
        return file;
    }

    /// Its lines, one in memory at a time.
    InputLines open(Batch batch) {
        return new InputLines(files.content(batch.tenant(), batch.input()), maxLineBytes);
    }
}
