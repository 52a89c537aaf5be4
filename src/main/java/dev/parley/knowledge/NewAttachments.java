package dev.parley.knowledge;

import dev.parley.knowledge.ChunkingStrategy.Fixed;
import dev.parley.postgres.Json;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads what clients ask to attach, or says what is wrong with it.
@ApplicationScoped
class NewAttachments {

    private final Json json;
    private final Fixed auto;

    NewAttachments(Json json, KnowledgeConfig config) {
        this.json = json;
        this.auto = new Fixed(config.autoChunkTokens(), config.autoChunkOverlapTokens());
    }

    List<NewAttachment> ofStore(VectorStoreRequest request) {
        return sameForAll(request.fileIds(), null, request.chunkingStrategy());
    }

    NewAttachment ofFile(AttachRequest request) {
        return attachment(request, "");
    }

    List<NewAttachment> ofBatch(AttachRequest.Batch request) {
        if ((request.fileIds() == null) == (request.files() == null)) {
            throw Problem.invalid("file_ids", "Send either 'file_ids' or 'files'.");
        }
        List<NewAttachment> attachments = request.files() == null
                ? sameForAll(request.fileIds(), request.attributes(), request.chunkingStrategy())
                : eachItsOwn(request.files());
        if (attachments.isEmpty()) {
            throw Problem.invalid("file_ids", "A batch needs at least one file.");
        }
        return attachments;
    }

    private List<NewAttachment> sameForAll(
            @Nullable List<String> fileIds,
            @Nullable Map<String, Object> attributes,
            @Nullable ChunkingStrategy strategy) {
        Fixed chunking = ChunkingStrategy.resolve(strategy, auto);
        String checked = json.write(FileAttributes.check("attributes", attributes));
        return (fileIds == null ? List.<String>of() : fileIds)
                .stream()
                        .map(id -> new NewAttachment(FileId.parse(id), checked, chunking))
                        .toList();
    }

    private List<NewAttachment> eachItsOwn(List<AttachRequest> files) {
        var attachments = new ArrayList<NewAttachment>();
        for (AttachRequest file : files) {
            attachments.add(attachment(file, "files[%d].".formatted(attachments.size())));
        }
        if (attachments.stream().map(NewAttachment::file).distinct().count() < attachments.size()) {
            throw Problem.of(ProblemKind.INVALID_REQUEST, "duplicate_file", "'files' names a file more than once.");
        }
        return attachments;
    }

    private NewAttachment attachment(AttachRequest request, String path) {
        return new NewAttachment(
                FileId.parse(request.fileId()),
                json.write(FileAttributes.check(path + "attributes", request.attributes())),
                ChunkingStrategy.resolve(request.chunkingStrategy(), auto));
    }
}
