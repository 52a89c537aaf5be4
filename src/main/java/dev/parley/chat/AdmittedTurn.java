package dev.parley.chat;

import dev.parley.usage.Ticket;

/// A turn that may run.
///
/// @param manner how it runs
public record AdmittedTurn(Ticket ticket, Asker asker, TurnRequest request, Manner manner) {

    /// @param streamed whether the model's answer is heard as it comes, which is what lets it be cancelled
    /// @param kept whether the outcome is stored, for who fetches it or repeats the request
    public record Manner(boolean streamed, boolean kept) {}
}
