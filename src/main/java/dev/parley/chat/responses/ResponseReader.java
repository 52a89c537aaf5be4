package dev.parley.chat.responses;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.parley.api.JsonField;
import dev.parley.chat.ChatConfig;
import dev.parley.chat.History;
import dev.parley.chat.Retrieval;
import dev.parley.chat.TurnRequest;
import dev.parley.chat.request.CachingReader;
import dev.parley.chat.request.ResolvedPrompt;
import dev.parley.chat.request.RetrievalReader;
import dev.parley.chat.request.ServerToolReader;
import dev.parley.chat.request.UnservedParameters;
import dev.parley.conversation.ConversationId;
import dev.parley.problem.Problem;
import dev.parley.tool.ToolSelection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads and checks the body of `POST /v1/responses`: what is not served is refused by name, never ignored.
final class ResponseReader {

    static final int MAX_ID = 64;
    static final int MAX_MODEL = 256;
    private static final int MAX_INCLUDE = 512;
    private static final int MAX_INCLUDES = 16;
    private static final int MAX_HISTORY_TOKENS = 2_000_000;
    private static final String RESULTS = "file_search_call.results";
    private static final Set<String> PARLEY_MEMBERS = Set.of(
            "cache", "vector_store_ids", "max_num_results", "filters", "ranking_options", "history_tokens", "tools");
    private static final UnservedParameters UNSERVED = new UnservedParameters(Map.of(
            "context_management", Set.of("[]"),
            "moderation", Set.of(),
            "prompt_cache_retention", Set.of(),
            "reasoning", Set.of("{}", "{\"effort\":null}", "{\"effort\":null,\"summary\":null}"),
            "service_tier", Set.of("\"auto\"", "\"default\""),
            "top_logprobs", Set.of("0")));

    private static final Set<String> MEMBERS = members();

    private final ChatConfig config;
    private final ResponseInputReader input;

    ResponseReader(ChatConfig config) {
        this.config = config;
        this.input = new ResponseInputReader(config);
    }

    /// @param request without item references: see [ResponseReferences]
    ResponseRequest read(JsonField request) {
        request.allowOnly(MEMBERS);
        UNSERVED.refuse(request);
        Optional<JsonField> parley = request.find("parley").map(field -> field.allowOnly(PARLEY_MEMBERS));
        History history = history(request, parley);
        ResponseTools tools = ResponseTools.read(request, ServerToolReader.parley(parley));
        ResolvedPrompt prompt = ResolvedPrompt.read(request.find("prompt")).orElse(null);
        var turn = new TurnRequest(
                request.get("model").text(MAX_MODEL),
                "input",
                messages(request, history != null, prompt),
                ResponseParameterReader.read(request, tools.functions(), prompt),
                retrieval(parley, tools),
                history,
                CachingReader.read(parley),
                ServerToolReader.read(
                        tools.selection(),
                        request.find("max_tool_calls"),
                        ResponseInputReader.decisions(request.get("input"), config.maxMessages())),
                prompt == null ? null : prompt.used());
        boolean stream = flag(request, "stream", false);
        refuseStreamOptions(request, stream);
        return new ResponseRequest(
                turn, ResponseEchoReader.read(request, tools), stream, includesResults(request.find("include")));
    }

    /// What tells how a request is answered, whatever it refers to.
    record Outline(ResponseEcho echo, boolean stream, boolean includeResults) {

        static Outline of(JsonField request) {
            return new Outline(
                    ResponseEchoReader.read(request, ResponseTools.read(request, ToolSelection.NONE)),
                    flag(request, "stream", false),
                    includesResults(request.find("include")));
        }
    }

    private List<ChatMessage> messages(JsonField request, boolean continues, @Nullable ResolvedPrompt prompt) {
        var messages = new ArrayList<ChatMessage>();
        if (prompt != null) {
            messages.addAll(prompt.instructions());
        }
        instructions(request)
                .filter(text -> !text.isBlank())
                .map(SystemMessage::from)
                .ifPresent(messages::add);
        messages.addAll(input.read(request.get("input"), continues));
        return messages;
    }

    private Optional<String> instructions(JsonField request) {
        return request.find("instructions").map(text -> text.text(config.maxMessageLength()));
    }

    private static @Nullable Retrieval retrieval(Optional<JsonField> parley, ResponseTools tools) {
        Optional<Retrieval> direct = parley.flatMap(RetrievalReader::parley);
        if (direct.isPresent() && tools.fileSearchAt() != null) {
            throw tools.fileSearchAt().invalid("give either this tool or 'parley.vector_store_ids', not both.");
        }
        return direct.orElse(tools.fileSearch());
    }

    private static @Nullable History history(JsonField request, Optional<JsonField> parley) {
        Integer tokens = parley.flatMap(field -> field.find("history_tokens"))
                .map(field -> field.integer(0, MAX_HISTORY_TOKENS))
                .orElse(null);
        Optional<JsonField> previous = request.find("previous_response_id");
        Optional<JsonField> conversation = request.find("conversation");
        if (previous.isPresent() && conversation.isPresent()) {
            throw previous.get().invalid("give either 'previous_response_id' or 'conversation', not both.");
        }
        if (previous.isPresent()) {
            String id = previous.get().text(MAX_ID);
            return new History.OfChain(ResponseChain.parse(id).turn(), tokens);
        }
        return conversation
                .map(field -> new History.OfConversation(ConversationId.parse(conversationId(field)), tokens))
                .orElse(null);
    }

    static String conversationId(JsonField conversation) {
        return conversation.value().isTextual()
                ? conversation.text(MAX_ID)
                : conversation.allowOnly(Set.of("id")).get("id").text(MAX_ID);
    }

    private static boolean includesResults(Optional<JsonField> include) {
        List<JsonField> included =
                include.map(field -> field.items(MAX_INCLUDES)).orElse(List.of());
        included.forEach(ResponseReader::checkIncluded);
        return !included.isEmpty();
    }

    private static void checkIncluded(JsonField include) {
        if (!include.text(MAX_INCLUDE).equals(RESULTS)) {
            throw include.unsupported("only '%s' is served.".formatted(RESULTS));
        }
    }

    /// @param include of a query
    static void checkIncluded(String include) {
        if (!include.equals(RESULTS)) {
            throw Problem.unsupported("include", "Unsupported 'include': only '%s' is served.".formatted(RESULTS));
        }
    }

    private static void refuseStreamOptions(JsonField request, boolean stream) {
        request.find("stream_options").ifPresent(options -> {
            if (!stream) {
                throw options.invalid("it is only allowed with 'stream': true.");
            }
            options.allowOnly(Set.of("include_obfuscation"));
        });
    }

    static boolean flag(JsonField request, String name, boolean otherwise) {
        return request.find(name).map(JsonField::bool).orElse(otherwise);
    }

    private static Set<String> members() {
        var names = new HashSet<>(UNSERVED.names());
        names.addAll(List.of("model", "input", "instructions", "previous_response_id", "conversation", "store"));
        names.addAll(List.of("background", "stream", "stream_options", "tools", "tool_choice", "text", "include"));
        names.addAll(List.of(
                "parallel_tool_calls", "max_tool_calls", "max_output_tokens", "temperature", "top_p", "metadata"));
        names.addAll(List.of("truncation", "user", "safety_identifier", "prompt_cache_key", "parley"));
        names.add("prompt");
        return Set.copyOf(names);
    }
}
