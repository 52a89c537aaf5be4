package dev.parley.conversation;

/// The running summary of a conversation's older turns: beside its items, and in their place in a prompt.
///
/// @param tokens as budgets count them
/// @param through the last item it covers
/// @param model the alias that wrote it; `extractive` when sentences were selected
public record Summary(String text, int tokens, Through through, String model) {

    /// An item by its place and by its id.
    public record Through(long seq, String item) {}
}
