package dev.parley.chat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.parley.invocation.Deadline;
import dev.parley.model.Attempt;
import dev.parley.model.ChatModels;
import dev.parley.model.ModelFailure;
import dev.parley.problem.Problem;
import dev.parley.tool.CallId;
import dev.parley.tool.ToolCalls;
import dev.parley.tool.ToolResult;
import dev.parley.tool.TurnCalls;
import dev.parley.usage.Lease;
import dev.parley.usage.TurnLost;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Gathers and generates: whatever goes wrong is a result.
@ApplicationScoped
class Generator {

    private static final Logger LOG = Logger.getLogger(Generator.class);

    private final Gatherer gatherer;
    private final CachedModels cached;
    private final ChatModels models;
    private final ToolCalls toolCalls;
    private final ChatConfig config;

    Generator(Gatherer gatherer, CachedModels cached, ChatModels models, ToolCalls toolCalls, ChatConfig config) {
        this.gatherer = gatherer;
        this.cached = cached;
        this.models = models;
        this.toolCalls = toolCalls;
        this.config = config;
    }

    Generated generate(AdmittedTurn turn, Progress progress) {
        var work = new Work(turn, progress, System.nanoTime());
        try {
            return work.run();
        } catch (ModelFailure failure) {
            return work.failed(failure);
        } catch (CancellationException cancelled) {
            return work.over(List.of());
        } catch (TurnLost lost) {
            return work.broken(Problems.lost());
        } catch (Problem problem) {
            return work.broken(problem);
        } catch (RuntimeException | Error failure) {
            LOG.error("Unexpected failure of a turn", failure);
            return work.broken(Problems.unexpected());
        }
    }

    /// What the client is told, as one answer: texts of all rounds, and the calls that are left to it or to a person.
    private static Answer answer(CachedModels.Reply reply, Narrator narrating, Dialogue talking, Receipt receipt) {
        List<ToolResult> waiting =
                talking.results().stream().filter(ToolResult::isAwaited).toList();
        Utterance said = narrating.all();
        AiMessage last = talking.answer();
        List<ToolExecutionRequest> calls = last.toolExecutionRequests().stream()
                .filter(call -> !narrating.hasTools()
                        || CallId.find(call.id()).isEmpty()
                        || waiting.stream()
                                .anyMatch(each -> each.call().id().toString().equals(call.id())))
                .toList();
        ChatResponse response = reply.generation().response().toBuilder()
                .aiMessage(last.toBuilder()
                        .text(said.text().isEmpty() && last.text() == null ? null : said.text())
                        .toolExecutionRequests(calls)
                        .build())
                .metadata(reply.generation().response().metadata().toBuilder()
                        .tokenUsage(talking.usage())
                        .build())
                .build();
        return new Answer(response, said.citations(), waiting, receipt, false);
    }

    /// One turn on its way to a result.
    private final class Work {

        private final AdmittedTurn turn;
        private final Progress progress;
        private final ReceiptWriter receipts;
        private @Nullable Draft draft;
        private @Nullable Narrator narrator;
        private @Nullable Dialogue dialogue;

        Work(AdmittedTurn turn, Progress progress, long start) {
            this.turn = turn;
            this.progress = progress;
            this.receipts = new ReceiptWriter(turn.asker(), turn.request(), progress.spend(), start);
        }

        Generated run() {
            progress.begin();
            TurnCalls calls = toolCalls.of(calls());
            Draft gathered = gatherer.gather(turn, calls, progress.spend());
            draft = gathered;
            progress.tell(new TurnEvent.Gathered(gathered.evidence(), gathered.prompt()));
            var narrating = new Narrator(progress, gathered.evidence(), turn, gathered.prompt());
            narrator = narrating;
            gathered.resumed().forEach(narrating::resumed);
            var talking = new Dialogue(prompt -> ask(prompt, narrating), narrating, calls, limits());
            dialogue = talking;
            CachedModels.Reply reply = talking.run(gathered.prompt());
            if (mustEnd(talking)) {
                return over(List.of());
            }
            Receipt receipt = receipts.answered(gathered, reply, talking);
            return new Generated(
                    new TurnResult.Answered(answer(reply, narrating, talking, receipt)),
                    gathered,
                    said(gathered, talking));
        }

        /// An answer that is whole is told, though there would have been no time for more.
        private boolean mustEnd(Dialogue talking) {
            Lease lease = progress.lease();
            return lease.isOver() && !(lease.isOutOfTime() && talking.isWhole());
        }

        private ToolCalls.Turn calls() {
            TurnRequest request = turn.request();
            return new ToolCalls.Turn(
                    turn.ticket(), request.parameters().user(), request.tools().opened(), progress.spend());
        }

        private Dialogue.Limits limits() {
            Integer most = turn.request().tools().mostCalls();
            return new Dialogue.Limits(config.toolRounds(), most == null ? Integer.MAX_VALUE : most);
        }

        private CachedModels.Reply ask(ChatRequest prompt, Narrator narrating) {
            String model = turn.request().model();
            return cached.reply(
                    turn,
                    prompt,
                    () -> turn.manner().streamed()
                            ? models.stream(model, prompt, narrating, progress.spend())
                            : models.generate(model, prompt, progress.spend()));
        }

        private static List<ChatMessage> said(Draft gathered, Dialogue talking) {
            List<ChatMessage> said = new ArrayList<>(gathered.asked());
            said.addAll(talking.said());
            return said;
        }

        Generated failed(ModelFailure failure) {
            return progress.lease().isOver()
                    ? over(failure.attempts())
                    : ended(failure, receipts.failed(draft, dialogue, failure.attempts()));
        }

        Generated broken(Problem problem) {
            return progress.lease().isOver()
                    ? over(List.of())
                    : ended(problem, receipts.failed(draft, dialogue, List.of()));
        }

        /// Whatever a turn ran into that had to end, that is the reason; and whoever asked for the end gets it.
        Generated over(List<Attempt> attempts) {
            Receipt receipt = receipts.failed(draft, dialogue, attempts);
            if (progress.lease().isCancelled()) {
                return new Generated(new TurnResult.Cancelled(receipt), draft, List.of());
            }
            return progress.lease().isOutOfTime() && draft != null && hasBegun()
                    ? outOfTime(draft, receipt)
                    : ended(Problems.ended(progress.lease()), receipt);
        }

        /// What was said until then is the answer: the conversation keeps it, and goes on from there.
        private Generated outOfTime(Draft gathered, Receipt receipt) {
            Utterance said = narrator == null ? Utterance.NONE : narrator.soFar();
            ChatResponse response = ChatResponse.builder()
                    .aiMessage(AiMessage.from(said.text()))
                    .finishReason(FinishReason.LENGTH)
                    .tokenUsage(receipt.tokens().usage())
                    .build();
            List<ChatMessage> kept = new ArrayList<>(gathered.asked());
            if (dialogue != null) {
                kept.addAll(dialogue.doneSoFar());
            }
            if (narrator != null && !narrator.unfinished().isEmpty()) {
                kept.add(AiMessage.from(narrator.unfinished()));
            }
            var answer = new Answer(response, said.citations(), List.of(), receipt.withWarning(Deadline.REACHED), true);
            return new Generated(new TurnResult.Answered(answer), gathered, kept);
        }

        private boolean hasBegun() {
            return narrator != null && narrator.hasSaid() || dialogue != null && dialogue.hasCalled();
        }

        private Generated ended(Problem reason, Receipt receipt) {
            TurnResult result =
                    hasBegun() ? new TurnResult.CutShort(reason, receipt) : new TurnResult.Failed(reason, receipt);
            return new Generated(result, draft, List.of());
        }
    }
}
