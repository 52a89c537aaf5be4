package dev.parley.chat;

import dev.parley.model.GenerationListener;
import java.util.ArrayList;
import java.util.List;

/// Turns what a model streams into the turn's events, each citation right after the piece that completes its marker.
final class Narrator implements GenerationListener {

    private final TurnListener listener;
    private final CitationScanner scanner;
    private final List<Citation> citations = new ArrayList<>();

    Narrator(TurnListener listener, Evidence evidence) {
        this.listener = listener;
        this.scanner = new CitationScanner(evidence);
    }

    @Override
    public void onText(String delta) {
        listener.on(new TurnEvent.TextDelta(delta));
        for (Citation citation : scanner.next(delta)) {
            citations.add(citation);
            listener.on(new TurnEvent.Cited(citation));
        }
    }

    @Override
    public void onRefusal(String delta) {
        listener.on(new TurnEvent.RefusalDelta(delta));
    }

    @Override
    public void onToolCall(int index, String id, String name, String argumentsDelta) {
        listener.on(new TurnEvent.ToolCallDelta(index, id, name, argumentsDelta));
    }

    @Override
    public boolean isCancelled() {
        return listener.isGone();
    }

    List<Citation> citations() {
        return citations;
    }
}
