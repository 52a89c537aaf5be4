package dev.parley.batch;

import dev.parley.knowledge.FileExchange;
import dev.parley.knowledge.FileId;
import dev.parley.postgres.Json;
import dev.parley.postgres.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Writes what became of a batch's lines into files of its tenant: answers into one, everything else into the other.
@ApplicationScoped
class OutputFiles {

    private static final String PURPOSE = "batch_output";
    private static final String CONTENT_TYPE = "application/jsonl";

    private final EndedLines lines;
    private final FileExchange files;
    private final Json json;

    OutputFiles(EndedLines lines, FileExchange files, Json json) {
        this.lines = lines;
        this.files = files;
        this.json = json;
    }

    /// How many lines went where.
    ///
    /// @param errors those that were not run included
    record Written(int answers, int errors, int unrun) {}

    /// May be called again after a crash: a file that is stored stays as it is.
    Written write(Batch batch) {
        try (var answers = new Draft();
                var errors = new Draft()) {
            int unrun = write(batch, answers, errors);
            store(batch, answers, batch.output().answers(), "output");
            store(batch, errors, batch.output().errors(), "error");
            return new Written(answers.count, errors.count, unrun);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private int write(Batch batch, Draft answers, Draft errors) throws IOException {
        OutputLine.Unrun why = batch.isCancelled() ? OutputLine.Unrun.CANCELLED : OutputLine.Unrun.EXPIRED;
        int unrun = 0;
        int last = 0;
        for (List<EndedLine> page = lines.after(batch, last); !page.isEmpty(); page = lines.after(batch, last)) {
            for (EndedLine line : page) {
                (line.isGood() ? answers : errors).add(json.write(line.told(why)));
                unrun += line.wasRun() ? 0 : 1;
                last = line.number();
            }
        }
        answers.writer.close();
        errors.writer.close();
        return unrun;
    }

    private void store(Batch batch, Draft draft, @Nullable FileId id, String what) {
        if (draft.count > 0) {
            TenantId tenant = batch.tenant();
            String filename = "%s_%s.jsonl".formatted(batch.id(), what);
            files.put(
                    tenant,
                    new FileExchange.Made(
                            Objects.requireNonNull(id),
                            filename,
                            PURPOSE,
                            CONTENT_TYPE,
                            draft.path,
                            batch.output().lifetime()));
        }
    }

    /// A file on this machine's disk while it is written.
    private static final class Draft implements AutoCloseable {

        private final Path path = Files.createTempFile("parley-batch-", ".jsonl");
        private final Writer writer = Files.newBufferedWriter(path);
        private int count;

        Draft() throws IOException {}

        void add(String line) throws IOException {
            writer.write(line);
            writer.write('\n');
            count++;
        }

        @Override
        public void close() throws IOException {
            writer.close();
            Files.deleteIfExists(path);
        }
    }
}
