package dev.parley.knowledge;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/// Limits of files, chunks and search.
@ConfigMapping(prefix = "parley.knowledge")
interface KnowledgeConfig {

    /// The largest file that may be uploaded. More lets in larger documents and makes each upload's transaction
    /// longer; `quarkus.http.limits.max-body-size` must stay above it.
    @WithDefault("64M")
    MemorySize maxFileSize();

    /// The largest file that may come in parts (`/v1/uploads`). It is put together on this machine's disk, which
    /// needs as much room for each upload that is being completed.
    @WithDefault("512M")
    MemorySize maxUploadSize();

    /// How long an upload may take from its beginning to its completion.
    @WithDefault("1h")
    Duration uploadTime();

    /// Tokens of a chunk where the client leaves the chunking strategy to Parley. Smaller chunks are found more
    /// precisely, larger ones carry more context; one never exceeds what its embedding model reads.
    @WithDefault("400")
    int autoChunkTokens();

    /// Tokens that neighbouring chunks share under the automatic strategy. More finds statements that span a border
    /// and costs that much more to embed and store.
    @WithDefault("80")
    int autoChunkOverlapTokens();

    /// Up to so many chunks a dense search compares all of them, which is exact; above, it uses the HNSW index. Higher
    /// is slower and more exact.
    @WithDefault("10000")
    long exactSearchLimit();

    /// How many candidates each ranking contributes to the fusion, at least. More lets a chunk that one ranking puts
    /// far down still win by the other; each search reads that many rows more.
    @WithDefault("100")
    int fusionDepth();

    /// The text search configuration of stores that name none: how their text is cut into words and the words reduced
    /// to stems. `simple` suits mixed languages and finds no inflected forms.
    @WithDefault("english")
    String textSearch();

    Storage files();

    /// Where the content of files is kept.
    interface Storage {

        /// A bucket in S3 for the content of new files. Without it they are in the database: one thing less to run and
        /// to back up, at the price of a larger database. Files that exist stay where they are.
        Optional<String> bucket();

        /// What the keys in the bucket begin with; nothing by default. `parley/` shares a bucket with others.
        Optional<String> prefix();

        /// The id or ARN of a KMS key that encrypts the objects. Without it the bucket's own setting applies.
        Optional<String> kmsKey();
    }
}
