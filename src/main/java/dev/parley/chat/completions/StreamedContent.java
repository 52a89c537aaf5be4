package dev.parley.chat.completions;

import dev.parley.chat.Utterance;

/// The content of a streamed completion: what a model says before and after a call of a tool is one text.
final class StreamedContent {

    private int length;
    private int offset;
    private boolean ended;

    /// The piece as it is sent.
    String next(String piece) {
        if (piece.isEmpty()) {
            return piece;
        }
        String sent = ended && length > 0 ? Utterance.GAP + piece : piece;
        if (ended) {
            offset = length + sent.codePointCount(0, sent.length() - piece.length());
            ended = false;
        }
        length += sent.codePointCount(0, sent.length());
        return sent;
    }

    /// What comes next is said anew.
    void endText() {
        ended = true;
    }

    /// Where the text began that is being said, in code points.
    int offset() {
        return offset;
    }
}
