package dev.parley.chat;

import dev.parley.model.ChatModels;
import dev.parley.model.Generation;
import dev.parley.model.Spend;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.CancellationException;

/// One turn: gather, generate, emit, settle. No database connection is held while the model is awaited, and a turn
/// that fails keeps nothing.
@ApplicationScoped
class Turn {

    private final Gatherer gatherer;
    private final ChatModels models;
    private final Settlement settlement;

    Turn(Gatherer gatherer, ChatModels models, Settlement settlement) {
        this.gatherer = gatherer;
        this.models = models;
        this.settlement = settlement;
    }

    Answer answer(Asker asker, TurnRequest request) {
        long start = System.nanoTime();
        Draft draft = gatherer.gather(asker.tenant(), request);
        Generation generation = models.generate(request.model(), draft.prompt(), Spend.UNMETERED);
        String text = generation.response().aiMessage().text();
        List<Citation> citations = text == null ? List.of() : new CitationScanner(draft.evidence()).next(text);
        settlement.settle(asker.tenant(), request, draft, generation.response().aiMessage());
        return new Answer(
                generation.response(), citations, ReceiptWriter.write(asker, request, draft, generation, start));
    }

    /// Tells the listener everything but the end, which is the result.
    ///
    /// @throws CancellationException when nobody listens any more
    Answer stream(Asker asker, TurnRequest request, TurnListener listener) {
        long start = System.nanoTime();
        Draft draft = gatherer.gather(asker.tenant(), request);
        var narrator = new Narrator(listener, draft.evidence());
        Generation generation = models.stream(request.model(), draft.prompt(), narrator, Spend.UNMETERED);
        if (listener.isGone()) {
            throw new CancellationException("The client is gone");
        }
        settlement.settle(asker.tenant(), request, draft, generation.response().aiMessage());
        Receipt receipt = ReceiptWriter.write(asker, request, draft, generation, start);
        return new Answer(generation.response(), narrator.citations(), receipt);
    }
}
