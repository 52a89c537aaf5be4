package dev.parley.chat;

import dev.parley.model.GenerationListener;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns what a model says into the turn's events, each citation right after the piece that completes its marker.
final class Narrator implements GenerationListener {

    private final Progress progress;
    private final CitationScanner scanner;
    private final List<Citation> citations = new ArrayList<>();
    private boolean said;

    Narrator(Progress progress, Evidence evidence) {
        this.progress = progress;
        this.scanner = new CitationScanner(evidence);
    }

    @Override
    public void onText(String delta) {
        said |= !delta.isEmpty();
        progress.tell(new TurnEvent.TextDelta(delta));
        for (Citation citation : scanner.next(delta)) {
            citations.add(citation);
            progress.tell(new TurnEvent.Cited(citation));
        }
    }

    /// An answer that came in one piece.
    void whole(@Nullable String answer) {
        if (answer != null) {
            said |= !answer.isEmpty();
            citations.addAll(scanner.next(answer));
        }
    }

    @Override
    public void onRefusal(String delta) {
        said |= !delta.isEmpty();
        progress.tell(new TurnEvent.RefusalDelta(delta));
    }

    @Override
    public void onToolCall(int index, String id, String name, String argumentsDelta) {
        progress.tell(new TurnEvent.ToolCallDelta(index, id, name, argumentsDelta));
    }

    @Override
    public boolean isCancelled() {
        return progress.lease().isOver();
    }

    /// Whether the model said anything, if only its beginning.
    boolean hasSaid() {
        return said;
    }

    List<Citation> citations() {
        return List.copyOf(citations);
    }
}
