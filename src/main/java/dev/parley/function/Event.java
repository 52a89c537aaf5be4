package dev.parley.function;

/// What an invocation brings.
sealed interface Event permits ApiGatewayEvent, SqsEvent, Event.MigrateEvent, Event.UnknownEvent {

    /// Whatever it says: a process that is there to migrate does nothing else.
    record MigrateEvent() implements Event {}

    /// Nothing that this function serves.
    record UnknownEvent() implements Event {}
}
