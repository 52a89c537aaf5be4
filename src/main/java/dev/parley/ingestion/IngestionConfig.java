package dev.parley.ingestion;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a file may ask of this process. A file beyond a limit fails with a message that names it.
@ConfigMapping(prefix = "parley.ingestion")
public interface IngestionConfig {

    /// The longest text of one file, in characters: about 5,000 book pages. A worker holds it a few times in memory
    /// (some 100 MB at this default).
    @WithDefault("10000000")
    int maxCharacters();

    /// The longest PDF.
    @WithDefault("5000")
    int maxPages();

    /// How long a PDF may take to be read. Some take minutes per page, by design or not.
    @WithDefault("2m")
    Duration parseTimeout();

    /// How long a stage may go on without saving anything: parsing and cutting as a whole, embedding from batch to
    /// batch. Then the attempt has failed, whatever hangs. Above `parse-timeout`, and above what the largest file
    /// takes on the slowest machine.
    @WithDefault("10m")
    Duration stageTimeout();

    /// How old a file in the temporary directory must be to have been left by a process that was killed. Longer than
    /// any parser is let run, as another process may use a younger one; nothing where every process has a directory
    /// of its own, as on AWS Lambda.
    @WithDefault("1d")
    Duration strayAfter();

    /// What a compressed file, or one compressed stream of a PDF, may grow to. It bounds memory and temporary disk.
    @WithDefault("200M")
    MemorySize maxInflated();

    /// How many files a DOCX may be made of.
    @WithDefault("5000")
    int maxArchiveEntries();

    /// How many files of one tenant may wait to be ingested. Beyond it uploads and attachments get 429 until fewer do:
    /// fewer tell a client sooner, more let it hand over all it has at once.
    @WithDefault("10000")
    int mostWaiting();

    /// How long the first of them may have waited, likewise: a queue that does not move takes no more.
    @WithDefault("24h")
    Duration longestWait();

    /// How many chunks are embedded in one call and saved in one transaction. More uses a model better; as much is
    /// embedded again when the process dies in between.
    @WithDefault("32")
    int embeddingBatch();

    /// Buckets whose objects tenants may let into their vector stores, each by any name. Without one there are no
    /// sources of type `s3`.
    Map<String, BucketRule> buckets();

    /// Buckets of which every tenant may read what lies below its own id, `tenant_…/`: the usual rule, for which a name
    /// is enough.
    Optional<List<String>> tenantBuckets();

    /// Who may read what of a bucket.
    interface BucketRule {

        String bucket();

        /// What the prefixes of sources begin with; `{tenant}` stands for the id of the tenant whose source it is. It
        /// keeps tenants apart, so it may be left out for one tenant alone.
        @WithDefault("{tenant}/")
        String prefix();

        /// The id of the only tenant that may.
        Optional<String> tenant();
    }
}
