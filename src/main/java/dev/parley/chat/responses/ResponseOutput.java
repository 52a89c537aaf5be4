package dev.parley.chat.responses;

import dev.parley.chat.TurnEvent;
import dev.parley.tool.CallId;
import dev.parley.tool.ToolCall;
import dev.parley.tool.ToolResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a response has put out so far, item by item, and the events that tell it.
final class ResponseOutput {

    private final ResponseId id;
    private final ResponseTeller teller;
    private final List<ResponseItem> items = new ArrayList<>();
    private final Map<Integer, Call> calls = new HashMap<>();
    private final Map<CallId, Integer> serverCalls = new HashMap<>();
    private @Nullable ResponseMessage message;
    private @Nullable Call call;

    ResponseOutput(ResponseId id, ResponseTeller teller) {
        this.id = id;
        this.teller = teller;
    }

    List<ResponseItem> items() {
        return List.copyOf(items);
    }

    void search(List<String> queries, List<ResponseItem.Found> results, boolean shown) {
        int place = items.size();
        String itemId = next(ResponseItem.FileSearchCall.PREFIX);
        teller.item("added", place, new ResponseItem.FileSearchCall(itemId, ResponseItem.IN_PROGRESS, List.of(), null));
        for (String step : List.of("in_progress", "searching", "completed")) {
            teller.tell("file_search_call." + step, new ResponseEvent.OfStep(place, itemId));
        }
        var done = new ResponseItem.FileSearchCall(itemId, ResponseItem.COMPLETED, queries, results);
        items.add(done);
        teller.item("done", place, shown ? done : done.withoutResults());
    }

    ResponseMessage message() {
        if (message == null) {
            endCall(ResponseItem.COMPLETED);
            message = new ResponseMessage(next(ResponseItem.Message.PREFIX), items.size(), teller);
            items.add(message.item(ResponseItem.IN_PROGRESS));
        }
        return message;
    }

    /// Pieces of one call come after each other. One that comes late still belongs to its call.
    void call(TurnEvent.ToolCallDelta piece) {
        Call known = calls.get(piece.index());
        if (known == null) {
            end(ResponseItem.COMPLETED);
            known = new Call(next(ResponseItem.FunctionCall.PREFIX), items.size(), piece.id(), piece.name());
            calls.put(piece.index(), known);
            call = known;
            items.add(known.item(ResponseItem.IN_PROGRESS));
            teller.item("added", known.place, known.item(ResponseItem.IN_PROGRESS));
        }
        known.arguments.append(piece.arguments());
        if (known == call) {
            teller.tell(
                    "function_call_arguments.delta",
                    new ResponseEvent.Arguments(known.place, known.itemId, piece.arguments()));
        } else {
            items.set(known.place, known.item(ResponseItem.COMPLETED));
        }
    }

    /// A call of a tool of this side begins.
    ///
    /// @param approvalRequestId null when it needed no approval
    void started(ToolCall called, String server, @Nullable String approvalRequestId) {
        end(ResponseItem.COMPLETED);
        int place = items.size();
        var begun = ResponseItem.McpCall.begun(next(ResponseItem.McpCall.PREFIX), called, server, approvalRequestId);
        serverCalls.put(called.id(), place);
        items.add(begun);
        teller.item("added", place, begun);
        teller.tell(
                "mcp_call_arguments.done", new ResponseEvent.McpArgumentsDone(place, begun.id(), begun.arguments()));
        teller.tell("mcp_call.in_progress", new ResponseEvent.OfStep(place, begun.id()));
    }

    /// It is over.
    void ended(ToolResult result) {
        Integer place = serverCalls.remove(result.call().id());
        if (place != null && items.get(place) instanceof ResponseItem.McpCall begun) {
            ResponseItem.McpCall done = begun.ended(result);
            items.set(place, done);
            teller.tell("mcp_call." + done.status(), new ResponseEvent.OfStep(place, done.id()));
            teller.item("done", place, done);
        }
    }

    /// Somebody has to approve it.
    void awaiting(ToolCall called, String server) {
        end(ResponseItem.COMPLETED);
        var request = ResponseItem.McpApprovalRequest.of(called, server);
        teller.item("added", items.size(), request);
        teller.item("done", items.size(), request);
        items.add(request);
    }

    /// Ends the item that is being put out, if there is one.
    void end(String status) {
        endCall(status);
        if (message != null) {
            items.set(message.place(), message.end(status));
            message = null;
        }
    }

    private void endCall(String status) {
        if (call == null) {
            return;
        }
        ResponseItem.FunctionCall done = call.item(status);
        items.set(call.place, done);
        teller.tell(
                "function_call_arguments.done",
                new ResponseEvent.ArgumentsDone(call.place, call.itemId, call.name, done.arguments()));
        teller.item("done", call.place, done);
        call = null;
    }

    private String next(String prefix) {
        return id.item(ResponseItemId.Side.OUTPUT, items.size()).text(prefix);
    }

    private record Call(String itemId, int place, String callId, String name, StringBuilder arguments) {

        Call(String itemId, int place, String callId, String name) {
            this(itemId, place, callId, name, new StringBuilder());
        }

        ResponseItem.FunctionCall item(String status) {
            return new ResponseItem.FunctionCall(itemId, status, callId, name, arguments.toString());
        }
    }
}
