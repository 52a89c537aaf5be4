package dev.parley.chat.responses;

import dev.parley.chat.Citation;
import java.util.ArrayList;
import java.util.List;

/// A message as it is put out. Its parts are a text, a refusal, or one after the other.
final class ResponseMessage {

    private final String id;
    private final int place;
    private final ResponseTeller teller;
    private final List<ResponsePart> done = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final List<ResponsePart.Annotation> annotations = new ArrayList<>();
    private Open open = Open.NOTHING;

    private enum Open {
        NOTHING,
        TEXT,
        REFUSAL
    }

    ResponseMessage(String id, int place, ResponseTeller teller) {
        this.id = id;
        this.place = place;
        this.teller = teller;
        teller.item("added", place, item(ResponseItem.IN_PROGRESS));
    }

    int place() {
        return place;
    }

    ResponseItem.Message item(String status) {
        return new ResponseItem.Message(id, status, List.copyOf(done));
    }

    void text(String delta) {
        begin(Open.TEXT);
        text.append(delta);
        teller.tell("output_text.delta", new ResponseEvent.Text(here(), delta, List.of()));
    }

    void refuse(String delta) {
        begin(Open.REFUSAL);
        text.append(delta);
        teller.tell("refusal.delta", new ResponseEvent.Refused(here(), delta));
    }

    void cite(Citation citation) {
        begin(Open.TEXT);
        var annotation = ResponsePart.Annotation.of(citation);
        annotations.add(annotation);
        teller.tell(
                "output_text.annotation.added",
                new ResponseEvent.Annotated(here(), annotations.size() - 1, annotation));
    }

    ResponseItem.Message end(String status) {
        endPart();
        ResponseItem.Message whole = item(status);
        teller.item("done", place, whole);
        return whole;
    }

    private void begin(Open part) {
        if (open != part) {
            endPart();
            open = part;
            teller.tell("content_part.added", new ResponseEvent.OfPart(here(), part()));
        }
    }

    private void endPart() {
        if (open == Open.NOTHING) {
            return;
        }
        ResponsePart whole = part();
        switch (whole) {
            case ResponsePart.OutputText said ->
                teller.tell("output_text.done", new ResponseEvent.TextDone(here(), said.text(), List.of()));
            case ResponsePart.Refusal refusal ->
                teller.tell("refusal.done", new ResponseEvent.RefusalDone(here(), refusal.refusal()));
        }
        teller.tell("content_part.done", new ResponseEvent.OfPart(here(), whole));
        done.add(whole);
        text.setLength(0);
        annotations.clear();
        open = Open.NOTHING;
    }

    private ResponsePart part() {
        return open == Open.TEXT
                ? new ResponsePart.OutputText(text.toString(), List.copyOf(annotations))
                : new ResponsePart.Refusal(text.toString());
    }

    private ResponseEvent.Place here() {
        return new ResponseEvent.Place(place, id, done.size());
    }
}
