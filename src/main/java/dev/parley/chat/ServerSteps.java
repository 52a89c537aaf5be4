package dev.parley.chat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.parley.postgres.TenantId;
import dev.parley.tool.CallId;
import dev.parley.tool.StoredCall;
import dev.parley.tool.ToolCalls;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/// What happened here between messages of a client that remembers them itself, and knows its own part only: calls of
/// this side's tools. They are put back where they were, lest the model makes them again. The ids of the calls that the
/// client knows tell of which turn they were; who sends none such pays nothing.
@ApplicationScoped
public class ServerSteps {

    private final ToolCalls calls;

    ServerSteps(ToolCalls calls) {
        this.calls = calls;
    }

    public TurnRequest restored(TenantId tenant, TurnRequest request) {
        List<ChatMessage> restored = new ArrayList<>();
        Set<UUID> known = new HashSet<>();
        for (ChatMessage message : request.messages()) {
            if (message instanceof AiMessage answer) {
                Set<UUID> turns = turns(tenant, answer);
                turns.removeAll(known);
                known.addAll(turns);
                turns.forEach(turn -> restored.addAll(steps(tenant, turn, answer)));
            }
            restored.add(message);
        }
        return known.isEmpty() ? request : request.withMessages(restored);
    }

    private Set<UUID> turns(TenantId tenant, AiMessage answer) {
        var turns = new LinkedHashSet<UUID>();
        var ours = new ArrayList<CallId>();
        for (ToolExecutionRequest call : answer.toolExecutionRequests()) {
            ClientCallId.find(call.id()).ifPresent(id -> turns.add(id.turn()));
            CallId.find(call.id()).ifPresent(ours::add);
        }
        if (!ours.isEmpty()) {
            calls.find(tenant, ours).forEach(call -> turns.add(call.turn()));
        }
        return turns;
    }

    /// Round by round, without the calls that the answer holds itself.
    private List<ChatMessage> steps(TenantId tenant, UUID turn, AiMessage answer) {
        Set<String> held = answer.toolExecutionRequests().stream()
                .map(ToolExecutionRequest::id)
                .collect(Collectors.toSet());
        Map<Integer, List<StoredCall>> rounds = calls.ofTurn(tenant, turn).stream()
                .filter(call -> call.turn().equals(turn) && call.result() != null)
                .filter(call -> !held.contains(call.id().toString()))
                .collect(Collectors.groupingBy(StoredCall::round, TreeMap::new, Collectors.toList()));
        var steps = new ArrayList<ChatMessage>();
        for (List<StoredCall> round : rounds.values()) {
            steps.add(AiMessage.from(round.stream().map(ServerSteps::request).toList()));
            round.stream().map(StoredCall::outcome).map(OpenCalls::message).forEach(steps::add);
        }
        return steps;
    }

    private static ToolExecutionRequest request(StoredCall call) {
        return ToolExecutionRequest.builder()
                .id(call.id().toString())
                .name(call.asked().tool())
                .arguments(call.asked().arguments())
                .build();
    }
}
