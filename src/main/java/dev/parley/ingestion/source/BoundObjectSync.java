package dev.parley.ingestion.source;

import dev.parley.aws.ObjectStore;
import dev.parley.aws.ObjectStore.Facts;
import dev.parley.ingestion.Upload;
import dev.parley.knowledge.AttachmentId;
import dev.parley.knowledge.FileExchange;
import dev.parley.knowledge.FileId;
import dev.parley.knowledge.SourceFiles;
import dev.parley.knowledge.SourceFiles.Arrived;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes a vector store have of an object what its bucket has of it now. The event only says where to look, so it may
/// be late, repeated or overtaken: the one with the highest number looks last, and its finding stays.
///
/// Content is copied into Parley's own storage. A file then stays what it was when it was hashed, parsed and quoted,
/// whatever becomes of the bucket, and who answers from it needs no access to the bucket.
@ApplicationScoped
class BoundObjectSync {

    private static final String PURPOSE = "assistants";
    private static final String UNKNOWN_TYPE = "application/octet-stream";
    private static final int MAX_ATTRIBUTE = 512;

    private final BoundObjects known;
    private final ObjectStore objects;
    private final SourceFiles files;
    private final Transactions transactions;
    private final Clock clock;

    BoundObjectSync(
            BoundObjects known, ObjectStore objects, SourceFiles files, Transactions transactions, Clock clock) {
        this.known = known;
        this.objects = objects;
        this.files = files;
        this.transactions = transactions;
        this.clock = clock;
    }

    void sync(Binding binding, S3Event event) {
        String key = event.object().key();
        Optional<BoundObject> before = known.find(binding, key);
        if (before.isPresent() && event.sequencer().isCoveredBy(before.get().sequencer())) {
            return;
        }
        Optional<Facts> found = objects.find(event.object()).filter(facts -> !isFolder(key, facts));
        if (found.isEmpty()) {
            change(binding, event, new Outcome(null, null, null));
        } else if (problem(found.get()) != null) {
            change(binding, event, new Outcome(null, null, problem(found.get())));
        } else if (before.isPresent() && found.get().etag().equals(before.get().etag())) {
            change(binding, event, new Outcome(found.get().etag(), null, null));
        } else {
            take(binding, event, found.get());
        }
    }

    /// Consoles make an empty object for what they show as a folder.
    private static boolean isFolder(String key, Facts facts) {
        return key.endsWith("/") && facts.bytes() == 0;
    }

    private @Nullable String problem(Facts facts) {
        if (facts.bytes() == 0) {
            return "The object is empty.";
        }
        return facts.bytes() <= files.maxBytes()
                ? null
                : "The object has %d bytes; the limit is %d bytes.".formatted(facts.bytes(), files.maxBytes());
    }

    private void take(Binding binding, S3Event event, Facts facts) {
        Path disk = disk();
        try {
            if (!objects.download(event.object(), facts, disk)) {
                throw new IllegalStateException("The object was changed while it was read");
            }
            var file = new FileExchange.Made(
                    new FileId(Ids.next()),
                    DocumentName.ofObject(event.object().key()),
                    PURPOSE,
                    UNKNOWN_TYPE,
                    disk,
                    null);
            Arrived arrived = files.take(binding.tenant(), file);
            change(binding, event, new Outcome(facts.etag(), arrived, null));
        } finally {
            delete(disk);
        }
    }

    /// What became of the object.
    ///
    /// @param etag of what is there; null when that is nothing, or no file
    /// @param arrived its content, where that is new
    private record Outcome(
            @Nullable String etag,
            @Nullable Arrived arrived,
            @Nullable String problem) {}

    private void change(Binding binding, S3Event event, Outcome outcome) {
        transactions.runInTenant(binding.tenant(), connection -> {
            if (outcome.arrived != null) {
                // Before anything is locked: it takes the longest.
                files.keep(binding.tenant(), outcome.arrived);
            }
            if (!files.lock(binding.tenant(), binding.store())) {
                drop(binding, outcome);
                return;
            }
            Optional<BoundObject> now =
                    known.lock(connection, binding, event.object().key());
            if (now.isEmpty() || event.sequencer().isCoveredBy(now.get().sequencer())) {
                drop(binding, outcome);
            } else if (outcome.arrived != null
                    && Objects.equals(outcome.etag, now.get().etag())) {
                drop(binding, outcome);
                write(connection, binding, event, now.get(), new Outcome(outcome.etag, null, null));
            } else if (outcome.etag != null
                    && outcome.arrived == null
                    && !outcome.etag.equals(now.get().etag())) {
                // It was not looked at again because it was known, and is not any more.
                throw new IllegalStateException("What is known of the object changed while it was looked at");
            } else {
                write(connection, binding, event, now.get(), outcome);
            }
        });
    }

    /// Another event was faster, or there is nobody left who wants it.
    private void drop(Binding binding, Outcome outcome) {
        if (outcome.arrived != null) {
            files.remove(binding.tenant(), outcome.arrived.id());
        }
    }

    private void write(Connection connection, Binding binding, S3Event event, BoundObject now, Outcome outcome)
            throws SQLException {
        FileId file = now.file();
        FileId next = now.next();
        if (outcome.etag == null) {
            now.files().forEach(each -> files.remove(binding.tenant(), each));
            file = null;
            next = null;
        } else if (outcome.arrived != null) {
            if (next != null) {
                files.remove(binding.tenant(), next);
            }
            files.attach(new AttachmentId(binding.tenant(), binding.store(), outcome.arrived.id()), attributes(event));
            next = file == null ? null : outcome.arrived.id();
            file = file == null ? outcome.arrived.id() : file;
        }
        known.save(
                connection,
                binding,
                new BoundObject(
                        now.key(), event.sequencer(), outcome.etag, file, next, outcome.problem, clock.instant()));
    }

    private static Map<String, Object> attributes(S3Event event) {
        String source = event.object().toString();
        return source.length() <= MAX_ATTRIBUTE ? Map.of("source", source) : Map.of();
    }

    private static Path disk() {
        try {
            return Files.createTempFile(Upload.PREFIX, Upload.SUFFIX);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void delete(Path disk) {
        try {
            Files.deleteIfExists(disk);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
