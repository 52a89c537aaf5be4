package dev.parley.chat.responses;

import dev.parley.chat.Frames;
import dev.parley.postgres.Json;

/// Sends a response's events. A turn that is told whole has nobody to send them to, and none is rendered.
final class ResponseTeller {

    private final Json json;
    private Frames out = _ -> {};

    ResponseTeller(Json json) {
        this.json = json;
    }

    void to(Frames frames) {
        out = frames;
    }

    /// @param name without `response.`
    void tell(String name, ResponseEvent event) {
        send("response." + name, event);
    }

    /// @param change `added` or `done`
    void item(String change, int place, ResponseItem item) {
        tell("output_item." + change, new ResponseEvent.OfItem(place, item));
    }

    /// OpenAI's `error` has no prefix.
    void fail(ResponseEvent.Failed failure) {
        send("error", failure);
    }

    private void send(String type, ResponseEvent event) {
        out.send(sequence -> new ResponseEvent.Numbered(type, sequence, event).frame(json));
    }
}
