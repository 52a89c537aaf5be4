package dev.parley.stream;

import dev.parley.stream.Delivery.Event;
import java.util.ArrayList;
import java.util.List;

/// The events of one flush as text: for each the number of its characters, `!` when it is the last of its turn, a
/// line break, and its frame. Sequence numbers have no holes, so the first one tells them all.
final class EventRow {

    private static final char LAST = '!';

    private EventRow() {}

    static String write(List<Event> events) {
        var text = new StringBuilder();
        for (Event event : events) {
            text.append(event.frame().length());
            if (event.last()) {
                text.append(LAST);
            }
            text.append('\n').append(event.frame());
        }
        return text.toString();
    }

    static List<Event> read(long first, String text) {
        var events = new ArrayList<Event>();
        int at = 0;
        while (at < text.length()) {
            int lineEnd = text.indexOf('\n', at);
            boolean last = text.charAt(lineEnd - 1) == LAST;
            int start = lineEnd + 1;
            int end = start + Integer.parseInt(text, at, last ? lineEnd - 1 : lineEnd, 10);
            events.add(new Event(first + events.size(), text.substring(start, end), last));
            at = end;
        }
        return events;
    }
}
