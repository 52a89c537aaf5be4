package dev.parley.chat.completions;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ChatMessage;
import dev.parley.api.JsonField;
import dev.parley.api.Metadata;
import dev.parley.chat.ChatConfig;
import dev.parley.chat.History;
import dev.parley.chat.Retrieval;
import dev.parley.chat.TurnRequest;
import dev.parley.chat.request.CachingReader;
import dev.parley.chat.request.ResolvedPrompt;
import dev.parley.chat.request.RetrievalReader;
import dev.parley.chat.request.ServerToolReader;
import dev.parley.chat.request.ToolReader;
import dev.parley.chat.request.UnservedParameters;
import dev.parley.conversation.ConversationId;
import dev.parley.tool.ToolSelection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads and checks the body of `POST /v1/chat/completions`: what is not served is refused by name, never ignored.
final class CompletionReader {

    private static final int MAX_ID = 64;
    private static final int MAX_MODEL = 256;
    private static final int MAX_HISTORY_TOKENS = 2_000_000;
    private static final Set<String> PARLEY_MEMBERS = Set.of(
            "cache",
            "vector_store_ids",
            "max_num_results",
            "filters",
            "ranking_options",
            "conversation",
            "history_tokens",
            "tools",
            "max_tool_calls",
            "prompt");
    private static final UnservedParameters UNSERVED = new UnservedParameters(Map.ofEntries(
            Map.entry("audio", Set.of()),
            Map.entry("function_call", Set.of()),
            Map.entry("functions", Set.of("[]")),
            Map.entry("logit_bias", Set.of("{}")),
            Map.entry("logprobs", Set.of("false")),
            Map.entry("modalities", Set.of("[\"text\"]")),
            Map.entry("moderation", Set.of()),
            Map.entry("n", Set.of("1")),
            Map.entry("prediction", Set.of()),
            Map.entry("prompt_cache_key", Set.of()),
            Map.entry("prompt_cache_retention", Set.of()),
            Map.entry("reasoning_effort", Set.of()),
            Map.entry("safety_identifier", Set.of()),
            Map.entry("service_tier", Set.of("\"auto\"", "\"default\"")),
            Map.entry("store", Set.of("false")),
            Map.entry("top_logprobs", Set.of("0")),
            Map.entry("verbosity", Set.of("\"medium\"")),
            Map.entry("web_search_options", Set.of())));

    private static final Set<String> MEMBERS = members();

    private final MessageReader messages;

    CompletionReader(ChatConfig config) {
        this.messages = new MessageReader(config);
    }

    CompletionRequest read(JsonField request) {
        request.allowOnly(MEMBERS);
        UNSERVED.refuse(request);
        request.find("metadata").ifPresent(Metadata::read);
        Optional<JsonField> parley = request.find("parley").map(field -> field.allowOnly(PARLEY_MEMBERS));
        History history = parley.flatMap(CompletionReader::history).orElse(null);
        Tools tools = tools(request, ServerToolReader.parley(parley));
        ResolvedPrompt prompt = ResolvedPrompt.read(parley.flatMap(field -> field.find("prompt")))
                .orElse(null);
        boolean stream = request.find("stream").map(JsonField::bool).orElse(false);
        return new CompletionRequest(
                new TurnRequest(
                        request.get("model").text(MAX_MODEL),
                        "messages",
                        messages(request, history != null, prompt),
                        ParameterReader.read(request, tools.chosen()),
                        retrieval(parley, tools),
                        history,
                        CachingReader.read(parley),
                        ServerToolReader.read(
                                tools.selection(), parley.flatMap(field -> field.find("max_tool_calls")), List.of()),
                        prompt == null ? null : prompt.used()),
                stream,
                includeUsage(request, stream));
    }

    private List<ChatMessage> messages(JsonField request, boolean inConversation, @Nullable ResolvedPrompt prompt) {
        if (prompt == null) {
            return messages.read(request.get("messages"), inConversation);
        }
        var all = new ArrayList<>(prompt.instructions());
        all.addAll(messages.read(request.get("messages"), inConversation));
        return all;
    }

    /// The functions among the tools, the place to search that one of them names, and the tools of this side.
    private record Tools(
            ToolReader.Tools chosen,
            @Nullable Retrieval fileSearch,
            @Nullable JsonField fileSearchAt,
            ToolSelection selection) {}

    private static Tools tools(JsonField request, ToolSelection named) {
        ToolSelection selection = named;
        var functions = new ArrayList<ToolSpecification>();
        JsonField searchAt = null;
        Optional<JsonField> tools = request.find("tools");
        for (JsonField tool :
                tools.map(field -> field.items(ToolReader.MAX_TOOLS)).orElse(List.of())) {
            JsonField type = tool.get("type");
            switch (type.text(MAX_ID)) {
                case "function" -> functions.add(ToolReader.function(tool));
                case "file_search" -> {
                    if (searchAt != null) {
                        throw type.invalid("only one tool can be of type 'file_search'.");
                    }
                    searchAt = tool;
                }
                case "mcp" -> selection = selection.and(ServerToolReader.mcp(tool));
                default -> throw type.unsupported("tools are of type 'function', 'file_search' or 'mcp'.");
            }
        }
        tools.ifPresent(field -> ToolReader.refuseDuplicates(field, functions));
        return new Tools(
                ToolReader.choose(functions, choice(request, tools, named), !selection.isEmpty()),
                searchAt == null ? null : RetrievalReader.fileSearch(searchAt),
                searchAt,
                selection);
    }

    private static @Nullable JsonField choice(JsonField request, Optional<JsonField> tools, ToolSelection named) {
        Optional<JsonField> choice = request.find("tool_choice");
        if (choice.isPresent() && tools.isEmpty() && named.isEmpty()) {
            throw choice.get().invalid("it is only allowed with 'tools'.");
        }
        return choice.orElse(null);
    }

    private static @Nullable Retrieval retrieval(Optional<JsonField> parley, Tools tools) {
        Optional<Retrieval> direct = parley.flatMap(RetrievalReader::parley);
        if (direct.isPresent() && tools.fileSearchAt() != null) {
            throw tools.fileSearchAt().invalid("give either this tool or 'parley.vector_store_ids', not both.");
        }
        return direct.orElse(tools.fileSearch());
    }

    private static Optional<History> history(JsonField parley) {
        return parley.find("conversation")
                .map(conversation -> new History.OfConversation(
                        ConversationId.parse(conversation.text(MAX_ID)),
                        parley.find("history_tokens")
                                .map(tokens -> tokens.integer(0, MAX_HISTORY_TOKENS))
                                .orElse(null)));
    }

    private static boolean includeUsage(JsonField request, boolean stream) {
        Optional<JsonField> options = request.find("stream_options");
        if (options.isPresent() && !stream) {
            throw options.get().invalid("it is only allowed with 'stream': true.");
        }
        return options.map(field -> field.allowOnly(Set.of("include_usage", "include_obfuscation")))
                .flatMap(field -> field.find("include_usage"))
                .map(JsonField::bool)
                .orElse(false);
    }

    private static Set<String> members() {
        var names = new HashSet<>(UNSERVED.names());
        names.addAll(List.of("model", "messages", "stream", "stream_options", "tools", "tool_choice"));
        names.addAll(List.of("temperature", "top_p", "frequency_penalty", "presence_penalty", "stop", "seed"));
        names.addAll(List.of("max_tokens", "max_completion_tokens", "response_format", "user", "metadata"));
        names.addAll(List.of("parallel_tool_calls", "parley"));
        return Set.copyOf(names);
    }
}
