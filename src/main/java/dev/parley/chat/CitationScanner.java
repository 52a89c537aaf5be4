package dev.parley.chat;

import java.util.ArrayList;
import java.util.List;

/// Finds the markers `[1]` and `[1, 2]` in an answer that comes in pieces, however it is cut, and looks at each
/// character once. Positions count Unicode code points.
final class CitationScanner {

    private static final int NOT_IN_MARKER = -1;

    /// A number with more digits names no passage.
    private static final int MAX_DIGITS = 4;

    private static final int MAX_NUMBERS = 16;

    private final Evidence evidence;
    private final List<Integer> numbers = new ArrayList<>();
    private int position;
    private int start = NOT_IN_MARKER;
    private int number;
    private int digits;

    CitationScanner(Evidence evidence) {
        this.evidence = evidence;
    }

    /// The citations of markers that end in this piece. Markers that name no passage are none.
    List<Citation> next(String piece) {
        if (evidence.hits().isEmpty()) {
            return List.of();
        }
        var found = new ArrayList<Citation>(1);
        for (int i = 0; i < piece.length(); i++) {
            char c = piece.charAt(i);
            // The second half of a surrogate pair belongs to the code point of the first.
            if (!Character.isLowSurrogate(c)) {
                position++;
            }
            accept(c, found);
        }
        return found;
    }

    private void accept(char c, List<Citation> found) {
        if (c == '[') {
            open();
        } else if (start != NOT_IN_MARKER) {
            inMarker(c, found);
        }
    }

    private void open() {
        start = position - 1;
        number = 0;
        digits = 0;
        numbers.clear();
    }

    private void inMarker(char c, List<Citation> found) {
        if (c >= '0' && c <= '9' && digits < MAX_DIGITS) {
            number = number * 10 + (c - '0');
            digits++;
        } else if (c == ',' && digits > 0 && numbers.size() < MAX_NUMBERS) {
            endNumber();
        } else if (c == ']' && digits > 0) {
            endNumber();
            close(found);
        } else if (c != ' ' || digits > 0 || numbers.isEmpty()) {
            start = NOT_IN_MARKER;
        }
    }

    private void endNumber() {
        numbers.add(number);
        number = 0;
        digits = 0;
    }

    private void close(List<Citation> found) {
        for (int named : numbers) {
            evidence.passage(named).ifPresent(hit -> found.add(new Citation(named, hit, start, position)));
        }
        start = NOT_IN_MARKER;
    }
}
