package dev.parley.knowledge;

import dev.parley.aws.ObjectName;
import dev.parley.aws.ObjectStore;
import dev.parley.idempotency.NotCompared;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Puts the content of an upload together, on this machine's disk, and takes it in as a file's. A client can still
/// write what it was let write to S3; what is taken in is a copy, and stays as it was checked.
@ApplicationScoped
class UploadAssembly {

    private final Uploads uploads;
    private final FileContents contents;
    private final ObjectStore objects;
    private final dev.parley.knowledge.Files files;

    UploadAssembly(Uploads uploads, FileContents contents, ObjectStore objects, dev.parley.knowledge.Files files) {
        this.uploads = uploads;
        this.contents = contents;
        this.objects = objects;
        this.files = files;
    }

    /// A file made of an upload, to be stored.
    ///
    /// @param file empty when the upload is over: what there is to say of it is said where keys are looked up
    record Assembled(Optional<dev.parley.knowledge.Files.Prepared> file, Path disk)
            implements NotCompared, AutoCloseable {

        @Override
        public void close() {
            try {
                Files.deleteIfExists(disk);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    /// @throws Problem (400) when parts or content are not what was announced
    Assembled assemble(Upload upload, UploadRequest.Complete request) {
        var assembled = new Assembled(Optional.empty(), disk());
        if (!upload.isPending()) {
            return assembled;
        }
        try {
            write(upload, request, assembled.disk);
            NewFile file = upload.file(assembled.disk, upload.bytes());
            return new Assembled(Optional.of(files.prepare(upload.tenant(), file)), assembled.disk);
        } catch (RuntimeException failure) {
            assembled.close();
            throw failure;
        }
    }

    private static Path disk() {
        try {
            return Files.createTempFile("parley-", ".upload");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void write(Upload upload, UploadRequest.Complete request, Path disk) {
        if (request.parts().isEmpty()) {
            download(upload, disk);
        } else {
            join(upload, parts(upload, request), disk);
        }
        checkMd5(request, disk);
    }

    private void download(Upload upload, Path disk) {
        if (upload.location() == null) {
            throw Problem.missing("part_ids");
        }
        var object = ObjectName.parse(upload.location());
        ObjectStore.Facts facts = objects.find(object)
                .orElseThrow(() -> Problem.invalid(
                        "part_ids", "There are no 'part_ids', and nothing was put to the upload's URL."));
        checkSize(upload, facts.bytes());
        if (!objects.download(object, facts, disk)) {
            throw Problem.of(
                    ProblemKind.CONFLICT, "upload_changed", "The content was changed while the upload was completed.");
        }
    }

    /// In the order the client names them.
    private List<UUID> parts(Upload upload, UploadRequest.Complete request) {
        List<UUID> parts = request.parts().stream().map(UploadPart::parse).toList();
        if (new HashSet<>(parts).size() < parts.size()) {
            throw Problem.invalid("part_ids", "'part_ids' names a part more than once.");
        }
        Map<UUID, Long> sizes = uploads.sizes(upload, parts);
        for (int i = 0; i < parts.size(); i++) {
            if (!sizes.containsKey(parts.get(i))) {
                throw UploadPart.unknown(request.parts().get(i));
            }
        }
        checkSize(upload, sizes.values().stream().mapToLong(Long::longValue).sum());
        return parts;
    }

    private static void checkSize(Upload upload, long bytes) {
        if (bytes != upload.bytes()) {
            throw Problem.of(
                    ProblemKind.INVALID_REQUEST,
                    "size_mismatch",
                    "The upload was to have %d bytes; there are %d.".formatted(upload.bytes(), bytes));
        }
    }

    private void join(Upload upload, List<UUID> parts, Path disk) {
        try (var out = Files.newOutputStream(disk)) {
            for (UUID part : parts) {
                try (var content = contents.open(ContentOwner.part(upload.tenant(), part))) {
                    content.transferTo(out);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void checkMd5(UploadRequest.Complete request, Path disk) {
        if (request.md5() != null && !md5(disk).equalsIgnoreCase(request.md5())) {
            throw Problem.invalid("md5", "The content does not have this MD5.");
        }
    }

    private static String md5(Path disk) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            try (var out = new DigestOutputStream(OutputStream.nullOutputStream(), md5)) {
                Files.copy(disk, out);
            }
            return HexFormat.of().formatHex(md5.digest());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (NoSuchAlgorithmException impossible) { // every Java has it
            throw new IllegalStateException(impossible);
        }
    }
}
