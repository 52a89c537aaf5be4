package dev.parley.ingestion.source;

import dev.parley.aws.ObjectName;
import dev.parley.aws.ObjectStore;
import dev.parley.aws.ObjectStore.Facts;
import dev.parley.egress.EgressStream;
import dev.parley.ingestion.Upload;
import dev.parley.ingestion.source.WebPages.Validators;
import dev.parley.invocation.Deadline;
import dev.parley.knowledge.SourceFiles;
import dev.parley.postgres.Sha256;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Looks at one document of a source. What is wrong with it is a finding like any other: one bad document fails no run.
@ApplicationScoped
class DocumentLook {

    private static final Logger LOG = Logger.getLogger(DocumentLook.class);
    private static final String UNKNOWN_TYPE = "application/octet-stream";
    private static final String MEDIA_TYPE = "[\\w.+-]{1,100}/[\\w.+-]{1,100}";

    private final WebPages web;
    private final ObjectStore objects;
    private final SourceFiles files;

    DocumentLook(WebPages web, ObjectStore objects, SourceFiles files) {
        this.web = web;
        this.objects = objects;
        this.files = files;
    }

    /// @throws HostBusy when its host is to be left alone for a while
    /// @throws dev.parley.job.JobFailure when this thread is to stop
    Finding at(Source source, SourceDocument document, Deadline deadline) {
        try {
            return switch (source.origin()) {
                case Origin.S3 s3 -> object(new ObjectName(s3.bucket(), document.key()), document);
                case Origin.Sitemap _, Origin.Feed _, Origin.Urls _ -> page(source, document, deadline);
            };
        } catch (Unfetched failure) {
            return failure.finding();
        } catch (Problem problem) {
            return new Finding.Failed(problem.getMessage(), problem.kind() == ProblemKind.UNAVAILABLE);
        } catch (IOException | UncheckedIOException failure) {
            LOG.warnf(failure, "A document of %s cannot be copied", source.id());
            return new Finding.Failed("The server had an error while reading this document.", true);
        }
    }

    private Finding page(Source source, SourceDocument document, Deadline deadline) {
        WebUrl url = WebUrl.parse(document.key()).orElseThrow(() -> Unfetched.unasked("This is not a URL."));
        Validators known = document.newest() == null
                ? Validators.NONE
                : new Validators(document.seen().etag(), document.seen().lastModified());
        var request = new WebPages.Request(url, LinkScope.of(source.origin(), url), known, deadline);
        return web.get(request, answer -> found(url, answer));
    }

    private Finding found(WebUrl url, EgressStream answer) throws IOException {
        String told = "The server answered %d.".formatted(answer.status());
        return switch (answer.status() / 100) {
            case 2 -> content(url, answer);
            case 5 -> throw Unfetched.passing(told);
            default ->
                switch (answer.status()) {
                    case 304 -> new Finding.Unchanged();
                    case 404, 410 -> new Finding.Missing(told);
                    default -> new Finding.Failed(told);
                };
        };
    }

    private Finding content(WebUrl url, EgressStream answer) throws IOException {
        String type = answer.headers()
                .first("Content-Type")
                .map(stated -> stated.split(";", 2)[0].strip())
                .filter(stated -> stated.matches(MEDIA_TYPE))
                .orElse(UNKNOWN_TYPE);
        MessageDigest sha256 = Sha256.digest();
        Upload upload = Upload.copy(DocumentName.of(url), type, new DigestInputStream(answer.body(), sha256));
        Validators told = validators(url, answer);
        return checked(new Finding.Content(upload, sha256.digest(), told.etag(), told.lastModified()));
    }

    /// Another URL's are of no use: the next look begins at this one.
    private static Validators validators(WebUrl url, EgressStream answer) {
        return WebUrl.parse(answer.url()).filter(url::equals).isEmpty()
                ? Validators.NONE
                : new Validators(
                        sendable(answer.headers().first("ETag")),
                        sendable(answer.headers().first("Last-Modified")));
    }

    /// S3 says at once what is there and what is not.
    private Finding object(ObjectName name, SourceDocument document) throws IOException {
        Optional<Facts> found = objects.find(name).filter(facts -> !isFolder(name, facts));
        if (found.isEmpty()) {
            return new Finding.Gone();
        }
        Facts facts = found.get();
        if (document.newest() != null && facts.etag().equals(document.seen().etag())) {
            return new Finding.Unchanged();
        }
        if (facts.bytes() == 0) {
            return new Finding.Unfit("The object is empty.");
        }
        return facts.bytes() > files.maxBytes()
                ? new Finding.Unfit(
                        "The object has %d bytes; the limit is %d bytes.".formatted(facts.bytes(), files.maxBytes()))
                : copied(name, facts);
    }

    /// Consoles make an empty object for what they show as a folder.
    private static boolean isFolder(ObjectName name, Facts facts) {
        return name.key().endsWith("/") && facts.bytes() == 0;
    }

    private Finding copied(ObjectName name, Facts facts) throws IOException {
        Upload upload = Upload.copy(DocumentName.ofObject(name.key()), UNKNOWN_TYPE, InputStream.nullInputStream());
        try {
            if (!objects.download(name, facts, upload.path())) {
                upload.close();
                return new Finding.Failed("The object changed while it was read.", true);
            }
            return checked(new Finding.Content(upload, hash(upload), facts.etag(), null));
        } catch (IOException | RuntimeException failure) {
            upload.close();
            throw failure;
        }
    }

    private static byte[] hash(Upload upload) throws IOException {
        MessageDigest sha256 = Sha256.digest();
        try (var content = new DigestInputStream(Files.newInputStream(upload.path()), sha256)) {
            content.transferTo(OutputStream.nullOutputStream());
        }
        return sha256.digest();
    }

    private static Finding checked(Finding.Content content) throws IOException {
        if (Files.size(content.upload().path()) > 0) {
            return content;
        }
        content.upload().close();
        return new Finding.Failed("The document is empty.");
    }

    /// What cannot be sent back as it came is of no use.
    private static @Nullable String sendable(Optional<String> validator) {
        return validator.filter(text -> text.matches("[\\x20-\\x7E]{1,1024}")).orElse(null);
    }
}
