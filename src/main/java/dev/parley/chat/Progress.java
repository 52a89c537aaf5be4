package dev.parley.chat;

import dev.parley.usage.Lease;
import dev.parley.usage.TurnSpend;

/// What a turn has at hand while it generates, and where it tells what happens.
record Progress(Lease lease, TurnSpend spend, Face face, TurnFrames out) {

    void begin() {
        face.begin(out);
    }

    void tell(TurnEvent event) {
        face.on(event, out);
        if (out.isCancelled()) {
            lease.cancel();
        }
    }
}
