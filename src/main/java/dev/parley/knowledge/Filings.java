package dev.parley.knowledge;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.parley.api.JsonField;
import dev.parley.knowledge.ChunkingStrategy.Fixed;
import dev.parley.postgres.Json;
import dev.parley.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads how files are to be put into a store, and puts them there.
@ApplicationScoped
public class Filings {

    /// Says where a file came from, as searches show and filter it, unless its owner uses the name.
    private static final String SOURCE = "source";

    private static final TypeReference<LinkedHashMap<String, Object>> PAIRS = new TypeReference<>() {};

    private final VectorStoreFiles files;
    private final Json json;
    private final Fixed auto;

    Filings(VectorStoreFiles files, Json json, KnowledgeConfig config) {
        this.files = files;
        this.json = json;
        this.auto = new Fixed(config.autoChunkTokens(), config.autoChunkOverlapTokens());
    }

    /// What the request says; where it says nothing, what was before.
    ///
    /// @throws Problem (400) naming what is wrong
    public Filing read(JsonField request, Filing before) {
        return new Filing(
                request.find(Filing.ATTRIBUTES).map(this::attributes).orElse(before.attributes()),
                request.find(Filing.CHUNKING).map(this::chunking).orElse(before.chunking()));
    }

    private String attributes(JsonField field) {
        var pairs = json.read(field.object().value().toString(), PAIRS);
        return json.write(FileAttributes.check(field.path(), pairs));
    }

    private String chunking(JsonField field) {
        String written = field.object().value().toString();
        try {
            ChunkingStrategy.resolve(json.read(written, ChunkingStrategy.class), auto);
        } catch (IllegalArgumentException unreadable) {
            throw field.invalid("expected a chunking strategy.");
        }
        return written;
    }

    /// Puts a file into a store and asks for its ingestion, in the caller's transaction; one whose ingestion failed
    /// starts over.
    ///
    /// @param source where the file came from
    public void attach(AttachmentId id, Filing filing, String source) {
        files.attach(
                id.tenant(),
                id.vectorStore(),
                null,
                List.of(new NewAttachment(id.file(), attributes(filing, source), sizes(filing.chunking()))));
    }

    private String attributes(Filing filing, String source) {
        Map<String, Object> pairs = json.read(filing.attributes(), PAIRS);
        if (!pairs.containsKey(SOURCE) && FileAttributes.hasRoom(pairs, source)) {
            pairs.put(SOURCE, source);
        }
        return json.write(pairs);
    }

    private Fixed sizes(@Nullable String chunking) {
        return chunking == null ? auto : ChunkingStrategy.resolve(json.read(chunking, ChunkingStrategy.class), auto);
    }
}
