package dev.parley.idempotency;

import dev.parley.postgres.Json;
import dev.parley.postgres.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import org.jboss.resteasy.reactive.multipart.FileUpload;
import org.jspecify.annotations.Nullable;

/// SHA-256 of what a resource method was called with. Two bodies that differ in their white space, or a form in its
/// boundary, are the same request; an upload is read from where the server put it, never into memory.
final class RequestDigest {

    private final Json json;
    private final MessageDigest digest = Sha256.digest();

    RequestDigest(Json json) {
        this.json = json;
    }

    byte[] of(@Nullable Object[] arguments) {
        for (Object argument : arguments) {
            switch (argument) {
                case null -> add("-");
                case FileUpload upload -> add(upload);
                case NotCompared _ -> {}
                default -> add(json.write(argument));
            }
        }
        return digest.digest();
    }

    /// Each with its length before it, so that no two lists of texts run into the same bytes.
    private void add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        digest.update(bytes);
    }

    private void add(FileUpload upload) {
        add(upload.fileName());
        add(String.valueOf(upload.contentType()));
        add(Long.toString(upload.size()));
        try (var out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            Files.copy(upload.uploadedFile(), out);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
