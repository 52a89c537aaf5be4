package dev.parley.chat;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.parley.conversation.Memory;
import dev.parley.model.Bound;
import dev.parley.model.ChatModelInfo;
import dev.parley.model.ChatModels;
import dev.parley.postgres.ContentCodec;
import dev.parley.usage.Admission;
import dev.parley.usage.Admissions;
import dev.parley.usage.Payer;
import dev.parley.usage.Verdict;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Admits requests: what a model cannot do is refused before anything is reserved, and what is reserved is the most
/// the turn may come to.
@ApplicationScoped
public class Reception {

    /// An output limit that nobody asked for leaves most of a model's window to the prompt.
    private static final int WINDOW_SHARE = 4;

    private final Admissions admissions;
    private final ChatModels models;
    private final ChatConfig config;
    private final Memory memory;
    private final ContentCodec codec;

    Reception(Admissions admissions, ChatModels models, ChatConfig config, Memory memory, ContentCodec codec) {
        this.admissions = admissions;
        this.models = models;
        this.config = config;
        this.memory = memory;
        this.codec = codec;
    }

    /// The request with the output limit that is always sent.
    ///
    /// @throws dev.parley.problem.Problem (404, `model_not_found`)
    public TurnRequest limited(TurnRequest request) {
        if (request.parameters().maxOutputTokens() != null) {
            return request;
        }
        ChatModelInfo model = models.info(request.model());
        int limit = Math.min(
                config.answerTokens(), Math.min(model.maxOutputTokens(), model.contextWindow() / WINDOW_SHARE));
        return request.withOutputLimit(limit);
    }

    /// @throws dev.parley.problem.Problem when it is not admitted: see [Admissions#admit]
    public Verdict admit(Applicant applicant) {
        TurnRequest request = applicant.request();
        return admissions.admit(new Admission(
                applicant.id(),
                applicant.kind(),
                Payer.of(applicant.caller(), request.parameters().user()),
                request.model(),
                bound(request),
                applicant.key(),
                thread(applicant)));
    }

    private Bound bound(TurnRequest request) {
        ChatRequest prompt = ChatRequest.builder()
                .messages(request.messages())
                .parameters(request.parameters())
                .build();
        long more = config.promptOverhead();
        if (request.retrieval() != null) {
            more += config.passageTokens();
        }
        if (request.history() != null) {
            more += memory.mostTokens(request.history().tokens());
        }
        return models.bound(request.model(), prompt, more);
    }

    private Admission.Thread thread(Applicant applicant) {
        TurnRequest request = applicant.request();
        Applicant.Keeping keeping = applicant.keeping();
        return new Admission.Thread(
                request.conversation() == null ? null : request.conversation().value(),
                request.history() instanceof History.OfChain of ? of.last() : null,
                keeping.background(),
                keeping.stored(),
                encoded(applicant));
    }

    private byte @Nullable [] encoded(Applicant applicant) {
        byte[] body = applicant.keeping().body();
        return body == null
                ? null
                : codec.encode(applicant.caller().tenant(), new String(body, StandardCharsets.UTF_8));
    }
}
