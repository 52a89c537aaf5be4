package dev.parley.chat;

import dev.langchain4j.data.message.ChatMessage;
import dev.parley.model.Attempt;
import dev.parley.model.ChatModels;
import dev.parley.model.Generation;
import dev.parley.model.ModelFailure;
import dev.parley.problem.Problem;
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

    Generator(Gatherer gatherer, CachedModels cached, ChatModels models) {
        this.gatherer = gatherer;
        this.cached = cached;
        this.models = models;
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

    /// One turn on its way to a result.
    private final class Work {

        private final AdmittedTurn turn;
        private final Progress progress;
        private final ReceiptWriter receipts;
        private @Nullable Draft draft;
        private @Nullable Narrator narrator;

        Work(AdmittedTurn turn, Progress progress, long start) {
            this.turn = turn;
            this.progress = progress;
            this.receipts = new ReceiptWriter(turn.asker(), turn.request(), progress.spend(), start);
        }

        Generated run() {
            progress.begin();
            TurnRequest request = turn.request();
            Draft gathered = gatherer.gather(turn.asker().tenant(), request, progress.spend());
            draft = gathered;
            progress.tell(new TurnEvent.Gathered(gathered.evidence(), gathered.prompt()));
            var narrating = new Narrator(progress, gathered.evidence());
            narrator = narrating;
            CachedModels.Reply reply = cached.reply(turn, gathered.prompt(), () -> ask(gathered, narrating));
            Generation generation = reply.generation();
            String text = generation.response().aiMessage().text();
            if (!turn.manner().streamed()) {
                narrating.whole(text);
            } else if (reply.isFromCache()) {
                narrating.onText(text);
            }
            if (progress.lease().isOver()) {
                return over(generation.attempts());
            }
            var answer = new Answer(generation.response(), narrating.citations(), receipts.answered(gathered, reply));
            return new Generated(new TurnResult.Answered(answer), gathered, said(answer));
        }

        private Generation ask(Draft gathered, Narrator narrating) {
            String model = turn.request().model();
            return turn.manner().streamed()
                    ? models.stream(model, gathered.prompt(), narrating, progress.spend())
                    : models.generate(model, gathered.prompt(), progress.spend());
        }

        private List<ChatMessage> said(Answer answer) {
            List<ChatMessage> said = new ArrayList<>(turn.request().messages());
            said.add(answer.response().aiMessage());
            return said;
        }

        Generated failed(ModelFailure failure) {
            return progress.lease().isOver()
                    ? over(failure.attempts())
                    : ended(failure, receipts.failed(draft, failure.attempts()));
        }

        Generated broken(Problem problem) {
            return progress.lease().isOver() ? over(List.of()) : ended(problem, receipts.failed(draft, List.of()));
        }

        /// Whatever a turn ran into that had to end, that is the reason; and whoever asked for the end gets it.
        Generated over(List<Attempt> attempts) {
            Receipt receipt = receipts.failed(draft, attempts);
            if (progress.lease().isCancelled()) {
                return new Generated(new TurnResult.Cancelled(receipt), draft, List.of());
            }
            return ended(progress.lease().isStopped() ? Problems.stopped() : Problems.lost(), receipt);
        }

        private Generated ended(Problem reason, Receipt receipt) {
            TurnResult result = narrator != null && narrator.hasSaid()
                    ? new TurnResult.CutShort(reason, receipt)
                    : new TurnResult.Failed(reason, receipt);
            return new Generated(result, draft, List.of());
        }
    }
}
