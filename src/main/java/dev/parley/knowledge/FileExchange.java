package dev.parley.knowledge;

import dev.parley.postgres.TenantId;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Files that other features read, and those that they leave for their tenant.
@ApplicationScoped
public class FileExchange {

    private final Files files;

    FileExchange(Files files) {
        this.files = files;
    }

    /// @throws Problem (404) when the tenant has no such file, or has it no more
    public String purpose(TenantId tenant, FileId id) {
        return files.get(tenant, id).purpose;
    }

    /// A file's bytes, read part by part. It ends early when the file is deleted meanwhile.
    public InputStream content(TenantId tenant, FileId id) {
        return files.content(tenant, id);
    }

    /// A file that a feature made.
    ///
    /// @param content on this machine's disk, to be read while the file is stored
    /// @param lifetime after which it is deleted; null for never
    public record Made(
            FileId id,
            String filename,
            String purpose,
            String contentType,
            Path content,
            @Nullable Duration lifetime) {

        NewFile upload() {
            return new NewFile(filename, purpose, contentType, content, size(content), lifetime);
        }
    }

    /// Stores it whole or not at all, outside of any transaction; does nothing when it is stored already.
    public void put(TenantId tenant, Made file) {
        if (!isStored(tenant, file.id)) {
            files.store(tenant, files.prepare(tenant, file.id, file.upload()));
        }
    }

    private boolean isStored(TenantId tenant, FileId id) {
        try {
            files.get(tenant, id);
            return true;
        } catch (Problem problem) {
            if (problem.kind() != ProblemKind.NOT_FOUND) {
                throw problem;
            }
            return false;
        }
    }

    private static long size(Path content) {
        try {
            return java.nio.file.Files.size(content);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
