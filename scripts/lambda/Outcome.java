/// How an invocation ended.
sealed interface Outcome {

    /// The function gave its whole answer.
    record Answered() implements Outcome {}

    /// The function reported an error, before its answer or behind what it had sent of it.
    ///
    /// @param report as the function wrote it
    record Failed(String report) implements Outcome {}

    /// The process ended first, or never got ready.
    record Died(String reason) implements Outcome {}

    /// The function's time was up; its environment is gone.
    record TimedOut() implements Outcome {}

    /// As many environments as there may be are at work.
    record Throttled() implements Outcome {}
}
