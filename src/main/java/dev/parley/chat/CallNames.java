package dev.parley.chat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.parley.tool.CallId;
import dev.parley.tool.Tools;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// Tells the calls of a model's answers apart: those of this side's tools, and those of the client's functions. Where
/// there are tools of this side, calls get ids of ours, which providers' own are not good enough for: they need not be
/// unique.
final class CallNames {

    private final UUID turn;
    private final Tools tools;
    private final Set<String> functions;
    private Map<Integer, Named> round = new HashMap<>();
    private int clients;

    /// @param offered to the model, of either side
    CallNames(UUID turn, Tools tools, List<ToolSpecification> offered) {
        this.turn = turn;
        this.tools = tools;
        this.functions = offered.stream()
                .map(ToolSpecification::name)
                .filter(name -> !tools.has(name))
                .collect(Collectors.toUnmodifiableSet());
    }

    /// @param place among the client's calls of the turn, from 0; -1 for one of this side
    record Named(String id, int place) {

        boolean isOurs() {
            return place < 0;
        }
    }

    /// The next answer is another one.
    void nextRound() {
        round = new HashMap<>();
    }

    /// @param index of the call in the answer
    /// @param id as the provider has it
    Named name(int index, String id, String tool) {
        return round.computeIfAbsent(index, _ -> named(id, tool));
    }

    /// What is neither side's is answered here, where there is somebody to do so.
    private Named named(String id, String tool) {
        if (tools.isEmpty()) {
            return new Named(id, clients++);
        }
        if (!functions.contains(tool)) {
            return new Named(CallId.next().toString(), -1);
        }
        return new Named(new ClientCallId(turn, clients).toString(), clients++);
    }

    /// The answer with our ids.
    AiMessage named(AiMessage answer) {
        List<ToolExecutionRequest> named = new ArrayList<>();
        for (ToolExecutionRequest call : answer.toolExecutionRequests()) {
            named.add(call.toBuilder()
                    .id(name(named.size(), call.id(), call.name()).id())
                    .build());
        }
        return named.isEmpty()
                ? answer
                : answer.toBuilder().toolExecutionRequests(named).build();
    }
}
