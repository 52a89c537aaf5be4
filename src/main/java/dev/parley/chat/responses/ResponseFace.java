package dev.parley.chat.responses;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.parley.chat.Answer;
import dev.parley.chat.Evidence;
import dev.parley.chat.Face;
import dev.parley.chat.FailureView;
import dev.parley.chat.FinishReasons;
import dev.parley.chat.Frames;
import dev.parley.chat.ParleyView;
import dev.parley.chat.Problems;
import dev.parley.chat.Receipt;
import dev.parley.chat.Told;
import dev.parley.chat.TurnEvent;
import dev.parley.chat.TurnResult;
import dev.parley.invocation.Deadline;
import dev.parley.model.Refusal;
import dev.parley.model.UserText;
import dev.parley.postgres.Json;
import dev.parley.problem.Problem;
import dev.parley.tool.ToolResult;
import dev.parley.usage.TurnStatus;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tells a turn as a response: events while it runs, and the response at its end.
final class ResponseFace implements Face {

    private final ResponseId id;
    private final ResponseRequest request;
    private final Json json;
    private final ResponseTeller teller;
    private final ResponseOutput output;
    private boolean begun;
    private boolean said;

    ResponseFace(ResponseId id, ResponseRequest request, Json json) {
        this.id = id;
        this.request = request;
        this.json = json;
        this.teller = new ResponseTeller(json);
        this.output = new ResponseOutput(id, teller);
    }

    /// Nothing yet: what turns out to be wrong with the request is told by a status. A response in the background was
    /// accepted before.
    @Override
    public void begin(Frames out) {
        teller.to(out);
        if (request.echo().background()) {
            begun = true;
            ResponseView queued = ResponseView.open(id, TurnStatus.QUEUED, request.echo(), List.of());
            teller.tell("created", new ResponseEvent.Whole(queued));
            teller.tell("queued", new ResponseEvent.Whole(queued));
        }
    }

    @Override
    public void on(TurnEvent event, Frames out) {
        switch (event) {
            case TurnEvent.Gathered gathered -> begun(gathered);
            case TurnEvent.TextDelta text -> message().text(text.text());
            case TurnEvent.RefusalDelta refusal -> message().refuse(refusal.refusal());
            case TurnEvent.Cited cited -> message().cite(cited.citation());
            case TurnEvent.ToolCallDelta call -> {
                said = true;
                output.call(call);
            }
            case TurnEvent.ToolStarted started -> {
                said = true;
                output.started(started.call(), started.server(), null);
            }
            case TurnEvent.ToolEnded ended -> {
                if (ended.result().isAwaited()) {
                    said = true;
                    output.awaiting(ended.result().call(), ended.server());
                } else {
                    output.ended(ended.result());
                }
            }
            case TurnEvent.ToolResumed resumed -> {
                ToolResult result = resumed.result();
                output.started(
                        result.call(), resumed.server(), result.call().id().approval());
                output.ended(result);
            }
        }
    }

    private ResponseMessage message() {
        said = true;
        return output.message();
    }

    private void begun(TurnEvent.Gathered gathered) {
        ResponseView started = ResponseView.open(id, TurnStatus.IN_PROGRESS, request.echo(), List.of());
        if (!begun) {
            begun = true;
            teller.tell("created", new ResponseEvent.Whole(started));
        }
        teller.tell("in_progress", new ResponseEvent.Whole(started));
        Evidence evidence = gathered.evidence();
        if (evidence.searched()) {
            String query = UserMessage.findLast(gathered.prompt().messages())
                    .map(UserText::of)
                    .orElse("");
            List<ResponseItem.Found> results =
                    evidence.hits().stream().map(ResponseItem.Found::of).toList();
            output.search(List.of(query), results, request.includeResults());
        }
    }

    @Override
    public Told end(TurnResult result, Frames out) {
        return switch (result) {
            case TurnResult.Answered answered -> answered(answered.answer());
            case TurnResult.CutShort cut -> cutShort(cut);
            case TurnResult.Cancelled cancelled -> cancelled(cancelled.receipt());
            case TurnResult.Failed failed -> failed(failed.problem(), failed.receipt());
        };
    }

    private Told answered(Answer answer) {
        if (!said) {
            tellWhole(answer);
        }
        String limit = limit(answer);
        output.end(limit == null ? ResponseItem.COMPLETED : ResponseItem.INCOMPLETE);
        ResponseUsage usage = ResponseUsage.of(answer.response().tokenUsage());
        ResponseView response = answered(answer, limit).paid(usage, ParleyView.of(answer));
        // OpenAI has no event for a response that waits for somebody; its clients end a stream with this one.
        String event = limit == null ? TurnStatus.COMPLETED.code() : TurnStatus.INCOMPLETE.code();
        teller.tell(event, new ResponseEvent.Whole(shown(response)));
        String body = json.write(shown(response));
        String object = json.write(response);
        return new Told(200, true, null, body, object.equals(body) ? null : object);
    }

    private ResponseView answered(Answer answer, @Nullable String limit) {
        if (limit != null) {
            return view().ended(TurnStatus.INCOMPLETE, null, new ResponseView.Incomplete(limit));
        }
        return answer.requiresAction() ? view().requiringAction() : view().ended(TurnStatus.COMPLETED, null, null);
    }

    /// An answer that nobody heard as it came.
    private void tellWhole(Answer answer) {
        AiMessage message = answer.response().aiMessage();
        if (message.text() != null && !message.text().isEmpty()) {
            output.message().text(message.text());
            answer.citations().forEach(output.message()::cite);
        }
        Refusal.of(message).ifPresent(refusal -> output.message().refuse(refusal));
        int index = 0;
        for (ToolExecutionRequest call : message.toolExecutionRequests()) {
            output.call(new TurnEvent.ToolCallDelta(index++, call.id(), call.name(), call.arguments()));
        }
    }

    private static @Nullable String limit(Answer answer) {
        if (answer.outOfTime()) {
            return Deadline.REACHED;
        }
        return switch (FinishReasons.of(answer.response())) {
            case "length" -> "max_output_tokens";
            case "content_filter" -> "content_filter";
            default -> null;
        };
    }

    private Told cutShort(TurnResult.CutShort cut) {
        Problem reason = cut.reason();
        output.end(ResponseItem.INCOMPLETE);
        teller.fail(new ResponseEvent.Failed(reason.code(), reason.getMessage(), reason.param()));
        ResponseView response = view().ended(TurnStatus.INCOMPLETE, ResponseFailures.of(reason), null)
                .paid(ResponseUsage.of(cut.receipt().tokens()), ParleyView.of(cut.receipt()));
        teller.tell("incomplete", new ResponseEvent.Whole(shown(response)));
        return told(reason, cut.receipt(), response);
    }

    /// OpenAI has no event of its own for it.
    private Told cancelled(Receipt receipt) {
        output.end(ResponseItem.INCOMPLETE);
        ResponseView response = view().ended(TurnStatus.CANCELLED, null, null)
                .paid(ResponseUsage.of(receipt.tokens()), ParleyView.of(receipt));
        teller.tell("incomplete", new ResponseEvent.Whole(shown(response)));
        return told(Problems.cancelled(), receipt, response);
    }

    private Told failed(Problem problem, Receipt receipt) {
        output.end(ResponseItem.INCOMPLETE);
        ResponseView response = view().ended(TurnStatus.FAILED, ResponseFailures.of(problem), null)
                .paid(null, ParleyView.of(receipt));
        teller.tell("failed", new ResponseEvent.Whole(shown(response)));
        return told(problem, receipt, response);
    }

    /// @param response what its id fetches
    private Told told(Problem problem, Receipt receipt, ResponseView response) {
        Long retryAfter = problem.retryAfter().map(Duration::toMillis).orElse(null);
        String body = json.write(FailureView.of(problem, receipt));
        return new Told(problem.kind().status(), begun, retryAfter, body, json.write(response));
    }

    private ResponseView view() {
        return ResponseView.open(id, TurnStatus.IN_PROGRESS, request.echo(), output.items());
    }

    private ResponseView shown(ResponseView response) {
        return request.includeResults() ? response : response.withOutput(withoutResults(response.output()));
    }

    private static List<ResponseItem> withoutResults(List<ResponseItem> items) {
        return items.stream()
                .<ResponseItem>map(
                        item -> item instanceof ResponseItem.FileSearchCall search ? search.withoutResults() : item)
                .toList();
    }
}
